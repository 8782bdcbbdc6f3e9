"""What of a collected submission counts, and when it was handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.core.assignment import Assignment
from grader.core.errors import CollectError
from grader.course.load import load_course
from grader.grading.submission import Entry, Submission
from grader.results.nbgrader.course_work import CollectedWork, collected
from grader.results.nbgrader.nbgrader_course import CourseFolder, open_folder
from tests.collect.reading import read_entry
from tests.nbgrader.course import LESSON, ROOT

pytestmark = pytest.mark.slow

STUB = "def model(x, w, b):\n    raise NotImplementedError\n"
OWN = "def model(x, w, b):\n    return x\n"
IN_NOTEBOOK = '{"cells": [{"cell_type": "code", "source": "def model(x, w, b):\\n    return w"}]}'


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_course(ROOT).assignments[LESSON]


@pytest.fixture
def folder(tmp_path: Path) -> CourseFolder:
    release = tmp_path / "release" / LESSON
    (release / "figures").mkdir(parents=True)
    for name in ("from_scratch.py", "with_torch.py"):
        (release / name).write_text(STUB)
    (release / f"{LESSON}.ipynb").write_text("{}")
    return open_folder(tmp_path)


def hand_in(folder: CourseFolder, **files: str) -> Path:
    place = folder.submitted("ada", LESSON)
    place.mkdir(parents=True)
    for name, text in files.items():
        path = place / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


def of_ada(folder: CourseFolder, assignment: Assignment) -> tuple[CollectedWork, str]:
    """What counts, and the text of its first module."""
    handed_in = collected(folder, assignment)[1]["ada"]
    assert isinstance(handed_in.entry, Entry)
    read = read_entry(handed_in.entry, assignment)
    assert isinstance(read, Submission), read
    assert read.reading.strays == ()
    return handed_in, read.reading.modules["from_scratch"].text


def test_modules_as_they_were_handed_out_leave_the_notebook_to_count(
    folder: CourseFolder, assignment: Assignment
) -> None:
    place = hand_in(folder, from_scratch_dot_py=STUB, with_torch_dot_py=STUB, **{f"{LESSON}_dot_ipynb": IN_NOTEBOOK})
    (place / "figures").mkdir()
    (place / "submission_secret.txt").write_text("x")
    handed_in, text = of_ada(folder, assignment)
    assert handed_in.notebook == place / f"{LESSON}.ipynb"
    assert "return w" in text


def test_modules_that_somebody_wrote_in_win(folder: CourseFolder, assignment: Assignment) -> None:
    hand_in(folder, from_scratch_dot_py=OWN, with_torch_dot_py=STUB, **{f"{LESSON}_dot_ipynb": "{}"})
    handed_in = collected(folder, assignment)[1]["ada"]
    assert handed_in.notebook is None
    assert isinstance(handed_in.entry, Entry)
    read = read_entry(handed_in.entry, assignment)
    assert isinstance(read, Submission)
    assert {name: module.text for name, module in read.reading.modules.items()} == {
        "from_scratch": OWN,
        "with_torch": STUB,
    }


def test_folders_around_the_work_are_seen_through(folder: CourseFolder, assignment: Assignment) -> None:
    hand_in(folder, work__homework__from_scratch_dot_py=OWN, timestamp_dot_txt="2026-12-01 10:00:00 UTC")
    assert of_ada(folder, assignment)[1] == OWN


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-14 23:59:30.5 UTC\n", datetime(2026, 12, 14, 23, 59, 30, 500000, tzinfo=UTC)),
        ("2026-12-14 23:59:30", datetime(2026, 12, 14, 23, 59, 30, tzinfo=UTC)),
        ("2026-12-15 00:59:30 Europe/Berlin", datetime(2026, 12, 14, 23, 59, 30, tzinfo=UTC)),
        ("2026-07-15 01:59:30 Europe/Berlin", datetime(2026, 7, 14, 23, 59, 30, tzinfo=UTC)),
        ("2026-12-14T18:59:30-05:00", datetime(2026, 12, 14, 23, 59, 30, tzinfo=UTC)),
    ],
)
def test_times_are_moments(folder: CourseFolder, assignment: Assignment, written: str, read: datetime) -> None:
    hand_in(folder, from_scratch_dot_py=OWN, timestamp_dot_txt=written)
    assert of_ada(folder, assignment)[0].at == read


@pytest.mark.parametrize("written", ["", "yesterday-ish", "9999999-99", "\0", "x" * 5000, "0001-01-01 00:00:00+23:00"])
def test_a_time_that_is_none_is_said_and_is_not_late(
    folder: CourseFolder, assignment: Assignment, written: str
) -> None:
    hand_in(folder, from_scratch_dot_py=OWN, timestamp_dot_txt=written)
    handed_in = of_ada(folder, assignment)[0]
    assert handed_in.at is None
    assert "timestamp.txt can't be read" in handed_in.time_problem


def test_a_link_in_place_of_a_learners_folder_is_not_followed(folder: CourseFolder, assignment: Assignment) -> None:
    hand_in(folder, from_scratch_dot_py=OWN)
    folder.submitted("eve", LESSON).parent.symlink_to(folder.submitted("ada", LESSON).parent)
    eve = collected(folder, assignment)[1]["eve"]
    assert not isinstance(eve.entry, Entry)
    assert "symbolic link" in eve.entry.note


def test_names_that_nbgrader_cannot_store_are_left_aside(folder: CourseFolder, assignment: Assignment) -> None:
    hand_in(folder, from_scratch_dot_py=OWN)
    (folder.root / "submitted" / "caf\udce9" / LESSON).mkdir(parents=True)
    found, every = collected(folder, assignment)
    assert list(every) == ["ada"]
    assert found.strays == ("caf\\udce9",)


def test_where_nobody_handed_in_it_is_said_how_to_collect(folder: CourseFolder, assignment: Assignment) -> None:
    with pytest.raises(CollectError, match=f"nbgrader collect {LESSON}"):
        collected(folder, assignment)
