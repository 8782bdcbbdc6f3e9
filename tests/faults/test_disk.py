"""A disk that is full, or that can't be written to: a sentence, an exit status, and nothing that was stored is lost."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.disk import Disk
from tests.faults.gradings import Place, files_in, stored

pytestmark = pytest.mark.slow

# `grade` with a database that can't be written to any more after the second result.
READ_ONLY = """
from grader.results.store import ResultStore

put, stored = ResultStore.put, []


def put_until_read_only(self, *result, **more):
    if len(stored) == 2:
        self._database.connection.execute("PRAGMA query_only = ON")
    put(self, *result, **more)
    stored.append(result)


if __name__ == "__main__":
    import sys

    from grader.cli import main

    ResultStore.put = put_until_read_only
    sys.exit(main())
"""


def sentence(text: str) -> str:
    assert "Traceback" not in text
    assert "did not foresee" not in text
    (said,) = [line for line in text.splitlines() if line.startswith("grader: ")]
    return said


def finished(undisturbed: Path, out: Path) -> Path:
    """A copy of the results of a grading that has ended."""
    shutil.copytree(undisturbed, out)
    return out


def test_a_disk_that_gets_full_stops_the_grading_and_with_room_it_goes_on(
    place: Place, disk: Disk, same: Callable[[Path], None], tmp_path: Path
) -> None:
    grading = place.start(disk.path / "out", "--seed", 5, before=disk.there)
    assert grading.wait_for_result()
    disk.fill()
    assert grading.end() == 3, grading.text
    assert "full" in sentence(grading.text)
    assert "continue with --resume" in grading.text
    # By that path SQLite can't open it: it follows links itself.
    assert stored(shutil.copytree(disk.seen / "out", tmp_path / "copy"))
    assert not (disk.seen / "out" / "results.jsonl").exists()
    place.nothing_is_left()
    disk.clear()
    code, text = place.run(disk.path / "out", "--resume", before=disk.there)
    assert code == 0, text
    same(disk.seen / "out")


def test_reports_that_find_no_room_leave_the_earlier_ones_whole(
    place: Place, disk: Disk, undisturbed: Path, same: Callable[[Path], None]
) -> None:
    finished(undisturbed, disk.seen / "out")
    saved_by_somebody(disk.seen / "out" / "grades.csv")
    disk.fill()
    code, text = place.run(disk.path / "out", "--resume", before=disk.there)
    assert code == 3, text
    assert "results.jsonl can't be written: No space left on device." in sentence(text)
    same(disk.seen / "out")
    code, text = place.run(disk.path / "new", before=disk.there)
    assert code == 2, text
    assert "full" in sentence(text)


def test_an_output_folder_on_a_disk_that_is_read_only_is_refused(
    place: Place, disk: Disk, undisturbed: Path, same: Callable[[Path], None]
) -> None:
    finished(undisturbed, disk.seen / "out")
    saved_by_somebody(disk.seen / "out" / "grades.csv")
    disk.mount("ro")
    for out, more, status in ((disk.path / "new", (), 2), (disk.path / "out", ("--resume",), 3)):
        code, text = place.run(out, *more, before=disk.there)
        assert code == status, text
        assert str(out) in sentence(text)
    same(disk.seen / "out")


def test_a_finished_grading_on_a_disk_that_is_read_only_is_shown_again(
    place: Place, disk: Disk, undisturbed: Path, same: Callable[[Path], None]
) -> None:
    finished(undisturbed, disk.seen / "out")
    disk.mount("ro")
    code, text = place.run(disk.path / "out", "--resume", before=disk.there)
    assert code == 0, text
    assert "have a result already" in text
    same(disk.seen / "out")


def saved_by_somebody(report: Path) -> None:
    """It has to be written again, though it says the same."""
    os.utime(report)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_that_one_may_not_write_to_is_refused(place: Place, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    code, text = place.run(tmp_path / "out")
    assert code == 2, text
    assert str(tmp_path / "out") in sentence(text)
    assert files_in(tmp_path / "out") == []


def test_a_file_that_may_grow_no_more_stops_the_grading(place: Place, tmp_path: Path) -> None:
    """What a quota does, for those who can't make a disk."""
    grading = place.start(tmp_path / "out", "--seed", 5)
    assert grading.wait_for_result()
    size = (tmp_path / "out" / "results.db").stat().st_size
    resource.prlimit(grading.pid, resource.RLIMIT_FSIZE, (size, size))
    assert grading.end() == 3, grading.text
    assert "results.db can't be used" in sentence(grading.text)
    assert stored(tmp_path / "out")


def test_a_database_that_becomes_read_only_stops_the_grading_and_resume_takes_the_rest(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    (tmp_path / "broken.py").write_text(READ_ONLY)
    grading = place.start(tmp_path / "out", "--seed", 5, program=[str(tmp_path / "broken.py")])
    assert grading.end() == 3, grading.text
    assert "attempt to write a readonly database" in sentence(grading.text)
    assert stored(tmp_path / "out") == {"s00", "s01"}
    code, text = place.run(tmp_path / "out", "--resume")
    assert code == 0, text
    assert "2 of 10 submissions have a result already." in text
    same(tmp_path / "out")
