"""Folders that are made, or changed while they are read, to lead elsewhere, to wait, or to fill the memory."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from dataclasses import replace

import pytest

from grader.core.assignment import Limits
from grader.core.records import SubmissionStatus
from grader.grading.collect import find_entries
from grader.grading.submission import Submission, Unread
from tests.collect.reading import read_entry, unread

SECRET = "answer = 42\n"


@pytest.fixture(autouse=True)
def _never_waits():
    """Nothing here may wait for anything: who does is woken up, and fails."""
    signal.alarm(20)
    yield
    signal.alarm(0)


@pytest.fixture
def ada(tmp_path):
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "from_scratch.py").write_text("x = 1\n")
    (folder / "with_torch.py").write_text("y = 2\n")
    return folder


@pytest.fixture
def elsewhere(tmp_path):
    """A folder that is none of the learner's, with what would do as a submission."""
    folder = tmp_path / "solutions"
    folder.mkdir()
    for name in ("from_scratch.py", "with_torch.py"):
        (folder / name).write_text(SECRET)
    return folder


def with_limits(assignment, **limits):
    return replace(assignment, limits=Limits(**limits))


def everything(answer) -> str:
    if not isinstance(answer, Submission):
        return answer.note
    return "".join(
        [*(m.text for m in answer.reading.modules.values()), *answer.reading.problems.values(), *answer.reading.strays]
    )


def when_opened(monkeypatch, wanted: str, act) -> None:
    """Does something in the moment between looking at a file and opening it, as another process could."""
    real = os.open

    def opened(path, *more, **named):
        if os.fspath(path).endswith(wanted):
            monkeypatch.setattr(os, "open", real)
            act()
        return real(path, *more, **named)

    monkeypatch.setattr(os, "open", opened)


def test_a_module_that_becomes_a_link_in_the_last_moment_is_not_followed(ada, elsewhere, read, monkeypatch):
    def swap():
        (ada / "from_scratch.py").unlink()
        (ada / "from_scratch.py").symlink_to(elsewhere / "from_scratch.py")

    when_opened(monkeypatch, "from_scratch.py", swap)
    answer = read(ada)
    assert "from_scratch.py can't be read" in answer.reading.problems["from_scratch"]
    assert "42" not in everything(answer)


def test_a_module_that_becomes_a_pipe_in_the_last_moment_is_not_waited_for(ada, read, monkeypatch):
    def swap():
        (ada / "from_scratch.py").unlink()
        os.mkfifo(ada / "from_scratch.py")

    when_opened(monkeypatch, "from_scratch.py", swap)
    assert "from_scratch.py is a named pipe" in read(ada).reading.problems["from_scratch"]


def test_an_entry_that_becomes_a_link_in_the_last_moment_is_not_followed(ada, elsewhere, read, monkeypatch):
    def swap():
        shutil.rmtree(ada)
        ada.symlink_to(elsewhere)

    when_opened(monkeypatch, "ada", swap)
    answer = read(ada)
    assert answer.status == SubmissionStatus.UNREADABLE
    assert answer.note == "The folder ada can't be read (not a directory)."


@pytest.mark.parametrize("when", ["homework", "from_scratch.py"])
def test_a_wrapping_folder_that_becomes_a_link_is_not_followed(ada, elsewhere, read, monkeypatch, when):
    (ada / "homework").mkdir()
    for name in ("from_scratch.py", "with_torch.py"):
        (ada / name).rename(ada / "homework" / name)

    def swap():
        (ada / "homework").rename(ada.parent.parent / "old")
        (ada / "homework").symlink_to(elsewhere)

    when_opened(monkeypatch, when, swap)
    assert "42" not in everything(read(ada))


def test_a_file_bundle_that_becomes_a_link_in_the_last_moment_is_not_followed(ada, elsewhere, assignment, monkeypatch):
    shutil.rmtree(ada)
    path = ada.parent / "ada.ipynb"
    path.write_text("{}")
    (entry,) = find_entries(ada.parent).entries

    def swap():
        path.unlink()
        path.symlink_to(elsewhere / "from_scratch.py")

    when_opened(monkeypatch, "ada.ipynb", swap)
    answer = unread(entry, assignment)
    assert answer.status == SubmissionStatus.UNREADABLE
    assert answer.note.startswith("ada.ipynb can't be read (")


def test_a_folder_that_goes_away_while_it_is_read_costs_only_its_own_learner(ada, read, monkeypatch):
    when_opened(monkeypatch, "with_torch.py", lambda: shutil.rmtree(ada))
    answer = read(ada)
    assert list(answer.reading.modules) == ["from_scratch"]
    assert answer.reading.problems["with_torch"].startswith("with_torch.py can't be read (no such file or directory).")


def test_a_module_that_grows_while_it_is_read_is_not_graded_half(ada, read, monkeypatch):
    real, calls = os.fstat, []

    def grow(descriptor):
        before = real(descriptor)
        calls.append(descriptor)
        with (ada / "from_scratch.py").open("a") as file:
            file.write("y = 2\n")
        return before

    monkeypatch.setattr(os, "fstat", grow)
    answer = read(ada)
    assert calls
    assert "from_scratch.py was changed while it was read" in answer.reading.problems["from_scratch"]


def test_sockets_and_devices_in_place_of_modules_are_problems(ada, read):
    for name in ("from_scratch.py", "with_torch.py"):
        (ada / name).unlink()
    with socket.socket(socket.AF_UNIX) as bound:
        place = os.open(ada, os.O_RDONLY)
        try:
            bound.bind(f"/proc/self/fd/{place}/from_scratch.py")
        finally:
            os.close(place)
    try:
        os.mknod(ada / "with_torch.py", 0o20666, os.makedev(1, 5))  # /dev/zero
    except OSError:
        (ada / "with_torch.py").touch()
    answer = read(ada)
    problem = answer.note if isinstance(answer, Unread) else answer.reading.problems["from_scratch"]
    assert "from_scratch.py is a socket" in problem
    assert not isinstance(answer, Unread) or "with_torch.py is a device" in problem


def test_a_file_of_mode_000_is_read_or_said_to_be_closed(ada, read):
    (ada / "from_scratch.py").chmod(0)
    answer = read(ada)
    if os.geteuid() == 0:  # an administrator reads everything
        assert list(answer.reading.modules) == ["from_scratch", "with_torch"]
    else:
        assert answer.reading.problems["from_scratch"] == "from_scratch.py can't be read (permission denied)."


def test_a_hard_link_to_what_somebody_else_wrote_is_refused(ada, elsewhere, read):
    if os.geteuid() != 0:
        pytest.skip("only an administrator can give files away")
    (ada / "from_scratch.py").unlink()
    os.link(elsewhere / "from_scratch.py", ada / "from_scratch.py")
    os.link(ada / "with_torch.py", ada / "backup.py")
    for path in (ada, ada / "with_torch.py"):
        os.chown(path, 12345, 12345)
    answer = read(ada)
    assert list(answer.reading.modules) == ["with_torch"]
    assert answer.reading.problems["from_scratch"].startswith(
        "from_scratch.py is a hard link to a file that belongs to somebody else."
    )


def test_a_sparse_file_of_64_mib_is_a_problem_at_once(ada, read):
    with (ada / "from_scratch.py").open("wb") as file:
        file.truncate(64 << 20)
    assert "larger than the limit of 200,000 bytes" in read(ada).reading.problems["from_scratch"]


def test_a_folder_of_very_many_files_is_refused(ada, assignment):
    for i in range(4):
        (ada / f"{i}.txt").touch()
    entry = find_entries(ada.parent).entries[0]
    assert isinstance(read_entry(entry, with_limits(assignment, folder_files=6)), Submission)
    answer = unread(entry, with_limits(assignment, folder_files=5))
    assert answer.status == SubmissionStatus.REFUSED
    assert answer.note.startswith("The folder ada holds more than 5 files, the limit.")


@pytest.mark.parametrize(
    "name",
    ["from_scratch.pyc", "from_scratch.py.bak", "fro\u043c_scratch.py", "test_from_scratch.py", "from_scratch_test.py",
     "conftest.py", "aux", "CON.py", "n" * 255, "a\\b.py", "=cmd()", "-rf", "a'b\"c.py", "..."],
)  # fmt: skip
def test_a_name_that_is_not_even_near_is_no_module(ada, read, name):
    (ada / "from_scratch.py").rename(ada / name)
    answer = read(ada)
    assert list(answer.reading.modules) == ["with_torch"]
    assert answer.reading.not_found == ("from_scratch",)
    assert answer.reading.problems["from_scratch"].startswith("from_scratch.py was not found in the submission")
    assert all(len(stray) <= 80 for stray in answer.reading.strays)


@pytest.mark.parametrize(
    "name",
    ["From_Scratch.py", "from_scratch.py ", "from_scratch.PY", "from_scratch.py.", "from_scratch", "from_scratch.py\n",
     "\u200bfrom_scratch.py"],
)  # fmt: skip
def test_a_near_name_counts_only_for_what_defines_an_exercise(ada, read, name):
    (ada / "from_scratch.py").rename(ada / name)
    assert list(read(ada).reading.modules) == ["with_torch"]
    (ada / name).write_text("def mse(t1, t2):\n    return 0\n")
    answer = read(ada)
    assert answer.reading.modules["from_scratch"].text == "def mse(t1, t2):\n    return 0\n"
    assert answer.note.startswith("Found in ")


def test_names_that_are_no_text_are_shown_as_escapes(ada, read):
    try:
        (ada / os.fsdecode(b"\xff\xed\xa0\x80")).touch()
    except OSError:
        pytest.skip("this file system has only UTF-8 names")
    assert read(ada).reading.strays == ("\\udcff\\udced\\udca0\\udc80",)


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tgz", "rar", "7z"])
def test_another_archive_is_told_what_is_expected_instead(tmp_path, assignment, kind):
    (tmp_path / f"ada.{kind}").write_bytes(b"anything")
    answer = unread(find_entries(tmp_path).entries[0], assignment)
    assert answer.status == SubmissionStatus.UNREADABLE
    assert answer.note == (
        f"ada.{kind} is an archive of a kind that can't be read. Make a .zip of what is in it, or hand in the folder."
    )
