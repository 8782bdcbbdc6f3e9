"""A class of odd and damaged submissions in a real nbgrader course: graded by us, and shown by nbgrader."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.lesson_points import TOTAL
from tests.nbgrader.course import (
    ALL,
    EXERCISES,
    LESSON,
    POINTS,
    QUESTION,
    Done,
    NbCourse,
    grade_id,
    make_course,
    nothing_works_in,
    text_of,
)
from tests.nbgrader.learners import DAMAGE, hand_in_everything

pytestmark = pytest.mark.slow

RIGHT = POINTS
ZERO = dict.fromkeys(POINTS, 0.0)
NOT_GRADED: dict[str, float | None] = dict.fromkeys(POINTS)
BY_ROWS_SCORES = RIGHT | {"mse": 0.0, "train": 0.0}
CUT_OFF_SCORES = RIGHT | {"mse": 2.0, "train": 0.0}
SCORES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("ada", "modules"), RIGHT),
    **dict.fromkeys(("in-the-grace", "month-late", "no-time", "renamed", "two"), RIGHT),
    **dict.fromkeys(("reordered", "duplicated", "retyped", "other-kernel", "cleared", "one-cell"), RIGHT),
    "bob": BY_ROWS_SCORES,
    "changed-checks": BY_ROWS_SCORES,
    "day-late": CUT_OFF_SCORES,
    "untouched": ZERO,
    "nothing": NOT_GRADED,
    "throws": RIGHT | {"mse": 0.0, "train": 0.0},
    "forbidden": RIGHT | {"model": 0.0},
    "removed": RIGHT | {"mse": 0.0, "train": 0.0},
    "cut-off": NOT_GRADED,
    "link": NOT_GRADED,
}


class Played(NamedTuple):
    """What is left when the class has been graded and has got its feedback."""

    course: NbCourse
    out: Path
    said: Done
    exported: list[dict[str, str]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("nbgrader")
    course = make_course(folder / "course")
    hand_in_everything(course)
    said = course.grade(folder / "out", "--seed", "7")
    course.nbgrader("generate_feedback", LESSON)
    course.nbgrader("export", "--to=grades.csv")
    with (course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        exported = list(csv.DictReader(file))
    yield Played(course, folder / "out", said, exported)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("student", sorted(SCORES))
def test_the_gradebook_holds_our_scores(played: Played, student: str) -> None:
    assert played.course.scores(student) == SCORES[student]


def test_they_are_those_of_the_results_file(played: Played) -> None:
    results = [json.loads(line) for line in (played.out / "results.jsonl").read_text("utf-8").splitlines()]
    assert [result["student"] for result in results] == sorted(SCORES)
    for result in results:
        own = {name: exercise["score"] for name, exercise in result["exercises"].items()}
        assert own == {name: points or 0.0 for name, points in SCORES[result["student"]].items()}


def exported(played: Played, student: str) -> tuple[float, float, float]:
    row = next(row for row in played.exported if row["student_id"] == student)
    assert float(row["max_score"]) == ALL + QUESTION
    return float(row["raw_score"]), float(row["late_submission_penalty"]), float(row["score"])


def test_the_export_shows_points_and_what_lateness_took(played: Played) -> None:
    assert exported(played, "ada") == (30, 0, 30)
    assert exported(played, "bob") == (21, 0, 21)
    assert exported(played, "in-the-grace") == (30, 0, 30)
    assert exported(played, "day-late") == pytest.approx((23, 2.3, 20.7))
    assert exported(played, "month-late") == (30, 15, 15)
    assert exported(played, "no-time") == (30, 0, 30)
    assert f"month-late: 744.0 hours late, {TOTAL / 2:g} of {TOTAL} points off" in played.said.text
    assert {row["duedate"] for row in played.exported} == {"2026-12-14 23:59:00"}


def test_a_time_that_cannot_be_read_is_said(played: Played) -> None:
    assert "no-time: timestamp.txt can't be read" in played.said.text


def test_nothing_but_sentences_is_printed(played: Played) -> None:
    for word in ("Warning", "Traceback", "nbgrader.api", "site-packages"):
        assert word not in played.said.text


def test_lateness_is_not_in_our_own_files(played: Played) -> None:
    assert "month-late,30,30," in (played.out / "grades.csv").read_text("utf-8")


@pytest.mark.parametrize(("student", "why"), [("cut-off", "damaged or cut off"), ("link", "a symbolic link")])
def test_what_could_not_be_graded_waits_for_a_person_and_says_why(played: Played, student: str, why: str) -> None:
    grades = played.course.grades(student)
    assert all(grade["waits"] and grade["auto"] is None for grade in grades.values())
    comment = played.course.comments(student)["mse"][0] or ""
    assert "Not graded." in comment
    assert why in comment
    assert f"{student}: waits for a person: everything" in played.said.text
    assert "was not graded" in played.course.feedback(student)


def test_a_written_answer_waits_for_a_person_and_an_untouched_one_does_not(played: Played) -> None:
    assert played.course.grades("bob")["why"]["waits"]
    assert played.course.grades("ada")["why"] == {"auto": 0.0, "manual": None, "extra": None, "waits": 0}
    assert played.course.comments("ada")["why"] == ("No response.", None)
    assert "Only a person can grade why" in played.said.text


def feedback(played: Played, student: str) -> list[str]:
    return list(text_of(played.course.feedback(student)))


def test_the_feedback_page_shows_score_and_comment_of_each_exercise(played: Played) -> None:
    lines = feedback(played, "bob")
    text = "\n".join(lines)
    assert f"{LESSON} (Score: 21.0 / 32.0)" in text
    for name in EXERCISES:
        worth = f"Score: {BY_ROWS_SCORES[name]} / {POINTS[name]}"
        assert any(f"check-{name}" in line and worth in "".join(lines[at : at + 3]) for at, line in enumerate(lines))
        assert any(f" {name}: " in line for line in lines), f"no comment on {name}"
    assert "not right yet, 0 of 4 points" in text
    assert "blocked by mse, 0 of 5 points" in text


def test_the_feedback_page_shows_what_lateness_took(played: Played) -> None:
    assert "Late submission penalty (Score: -15.0)" in "\n".join(feedback(played, "month-late"))


def test_the_feedback_on_modules_shows_the_modules_functions(played: Played) -> None:
    text = "\n".join(feedback(played, "modules"))
    assert f"{LESSON} (Score: 30.0 / 32.0)" in text
    assert "As it was handed in: from_scratch.py" in text
    answer = next(cell for cell in played.course.autograded("modules").cells if grade_id(cell) == "mse")
    assert answer.source.startswith("def mse(")
    assert "NotImplementedError" not in answer.source


@pytest.mark.parametrize("student", ["bob", "throws"])
def test_what_a_learner_writes_is_shown_and_does_not_work(played: Played, student: str) -> None:
    nothing_works_in(played.course.feedback(student))


@pytest.mark.parametrize("student", sorted(DAMAGE))
def test_a_damaged_notebook_is_put_in_order(played: Played, student: str) -> None:
    """Every released cell is there once, in order, with the released metadata; locked ones with their text."""
    released = [cell for cell in played.course.released().cells if grade_id(cell)]
    graded = [cell for cell in played.course.autograded(student).cells if grade_id(cell)]
    assert [grade_id(cell) for cell in graded] == [grade_id(cell) for cell in released]
    for own, theirs in zip(graded, released, strict=True):
        assert own.metadata == theirs.metadata
        assert own.cell_type == theirs.cell_type
        assert own.source == theirs.source or theirs.metadata.nbgrader.solution
        assert not own.get("outputs")


@pytest.mark.parametrize(
    ("student", "sentence"),
    [
        ("removed", "missing or had lost its grade id: mse (no definition of it was found)."),
        ("removed", "Cells that were missing or had lost their grade id, and were put back: check-mse, check-fit."),
        ("reordered", "The cells were in another order."),
        ("duplicated", "Exercises with several cells of their grade id: mse (cell 9 was graded)."),
        ("duplicated", "Cells that were there more than once: check-mse."),
        ("retyped", "Exercises whose cell was a text cell, and was read as code: mse, predict."),
        ("other-kernel", "The notebook said that it is in julia. It was read as Python."),
        ("cleared", "mse (cell 7 was graded), gradient_step (cell 9 was graded)"),
        ("changed-checks", "Cells that were changed, and were put back as they were released: check-to_tensors,"),
        ("one-cell", "missing or had lost its grade id: mse (cell 5 was graded)."),
    ],
)
def test_what_was_wrong_is_said_to_the_instructor_and_to_the_learner(
    played: Played, student: str, sentence: str
) -> None:
    assert f"{student}: " in played.said.text
    assert sentence in played.said.text
    assert sentence in re.sub(r"\s+", " ", "\n".join(feedback(played, student)))


def test_an_undamaged_submission_has_no_remarks(played: Played) -> None:
    for student in ("ada", "renamed"):
        assert f"  {student}: " not in played.said.text
        assert grade_id(played.course.autograded(student).cells[0]) == "title"


def test_nothing_of_a_link_is_shown(played: Played) -> None:
    page = played.course.feedback("link")
    assert "SQLite" not in page
    folder = played.course.folder / "autograded" / "link" / LESSON
    assert [path.name for path in folder.iterdir()] == [f"{LESSON}.ipynb"]


def test_the_copy_that_is_not_called_like_the_lesson_does_not_count(played: Played) -> None:
    results = (played.out / "results.jsonl").read_text("utf-8").splitlines()
    two = next(json.loads(line) for line in results if '"student": "two"' in line)
    assert two["note"] == "Left aside: scratch.ipynb."


def test_files_of_nbgrader_are_not_remarked_upon(played: Played) -> None:
    assert "timestamp.txt." not in (played.out / "results.jsonl").read_text("utf-8")
    assert "submission_secret" not in (played.out / "results.jsonl").read_text("utf-8")


def test_nbgraders_own_autograde_refuses_and_changes_nothing(played: Played) -> None:
    before = played.course.scores("bob"), played.course.autograded("bob")
    said = played.course.nbgrader("autograde", LESSON, "--student=bob", "--force", code=1)
    assert "This course is graded with `python -m grader nbgrader`" in said.text
    assert (played.course.scores("bob"), played.course.autograded("bob")) == before
