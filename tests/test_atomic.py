"""A file is written as a whole or not at all, and what stood there stays until then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.errors import ReleaseError, ResultsError
from grader.core.files import replace_file, replace_whole, write_report


def broken_off() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError("in the middle")


def test_a_new_file_has_all_that_was_written(tmp_path: Path) -> None:
    replace_whole(tmp_path / "file", [b"one, ", b"two"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"one, two"}


def test_what_stood_there_stays_when_the_writing_breaks_off(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"before")
    with pytest.raises(RuntimeError):
        replace_whole(tmp_path / "file", broken_off())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"before"}


def test_it_has_the_mode_of_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(0o640)
    replace_whole(tmp_path / "file", [b"after"])
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_what_a_killed_process_left_is_written_over_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "somebody's").write_bytes(b"work")
    (tmp_path / ".file.tmp").symlink_to(tmp_path / "somebody's")
    replace_whole(tmp_path / "file", [b"after"])
    assert (tmp_path / "somebody's").read_bytes() == b"work"
    assert not (tmp_path / "file").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "somebody's"]


def test_a_report_is_utf_8_whatever_is_in_it_and_a_problem_is_a_sentence(tmp_path: Path) -> None:
    write_report(tmp_path / "report", ["ä\n", "\udc80\n"])
    assert (tmp_path / "report").read_bytes() == b"\xc3\xa4\n\\udc80\n"
    with pytest.raises(ResultsError, match="can't be written: No such file or directory"):
        write_report(tmp_path / "nowhere" / "report", ["text"])


def test_a_file_that_can_not_be_written_is_called_what_it_was_to_be_called(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 253)  # there is no room in the name for that of the unfinished file
    with pytest.raises(ReleaseError) as caught:
        replace_file(path, b"")
    assert str(caught.value).startswith(f'"{path}": ')
