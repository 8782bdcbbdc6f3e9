"""The gradebook by itself: what must be in it, what is written, and what is left alone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from grader.core.assignment import Assignment
from grader.core.errors import NbgraderError
from grader.course.load import load_course
from grader.results.nbgrader.gradebook import Book, Mark
from grader.results.nbgrader.nbgrader_course import CourseFolder, open_folder, read_released
from tests.nbgrader.course import EXERCISES, LESSON, POINTS, ROOT, source_notebook, write

pytestmark = pytest.mark.slow

DUE = datetime(2026, 12, 14, 23, 59, tzinfo=UTC)
Fill = Callable[[Gradebook], None]


def entered(book: Gradebook) -> None:
    """What `nbgrader generate_assignment` enters."""
    book.add_assignment(LESSON)
    book.add_notebook(LESSON, LESSON)
    for name in EXERCISES:
        book.add_solution_cell(name, LESSON, LESSON)
        book.add_grade_cell(f"check-{name}", LESSON, LESSON, max_score=POINTS[name], cell_type="code")


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_course(ROOT).assignments[LESSON]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Fill], CourseFolder]:
    """A course's folder with a gradebook and what is filled in."""
    empty = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:  # nbgrader looks for alembic on the path
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        Gradebook(f"sqlite:///{empty}").close()

    def make(folder: Path, fill: Fill) -> CourseFolder:
        shutil.copy(empty, folder / "gradebook.db")
        with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
            fill(book)
        return open_folder(folder)

    return make


@pytest.fixture
def folder(made: Callable[[Path, Fill], CourseFolder], tmp_path: Path) -> CourseFolder:
    return made(tmp_path, entered)


def marks(**shares: float | None) -> list[Mark]:
    return [Mark(name, shares.get(name, 1.0), f"    on {name}") for name in EXERCISES]


def grades(folder: CourseFolder, student: str = "ada") -> dict[str, Any]:
    with Gradebook(folder.database) as book:
        notebook = book.find_submission_notebook(LESSON, LESSON, student)
        return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades}


def test_shares_become_points_of_the_cell(folder: CourseFolder, assignment: Assignment) -> None:
    with Book(folder, assignment) as book:
        written = book.write("ada", marks(mse=0.5, fit=None), (), None)
    assert grades(folder)["check-mse"] == (2.0, False)
    assert grades(folder)["check-fit"] == (None, True)
    assert grades(folder)["check-train"] == (5.0, False)
    assert (written.score, written.penalty, written.waiting) == (23.0, 0.0, ("check-fit",))


def test_an_extension_moves_the_due_date_of_one_learner(folder: CourseFolder, assignment: Assignment) -> None:
    late = DUE + timedelta(hours=30)
    with Book(folder, assignment) as book:
        assert book.write("ada", marks(), (), late).penalty == pytest.approx(6)
        book.write("bob", marks(), (), late)
    with Gradebook(folder.database) as nbgrader:
        nbgrader.grant_extension(LESSON, "ada", days=1)
    with Book(folder, assignment) as book:
        assert book.write("ada", marks(), (), late).penalty == pytest.approx(3)
        assert book.write("bob", marks(), (), late).penalty == pytest.approx(6)
        assert book.write("bob", marks(), (), DUE).penalty == 0


def test_the_courses_due_date_goes_over_one_that_was_set_by_hand(folder: CourseFolder, assignment: Assignment) -> None:
    with Gradebook(folder.database) as nbgrader:
        nbgrader.update_or_create_assignment(LESSON, duedate="2027-01-01 12:00:00 UTC")
    with Book(folder, assignment) as book:
        assert book.due_before == datetime(2027, 1, 1, 12)
    with Gradebook(folder.database) as nbgrader:
        assert nbgrader.find_assignment(LESSON).duedate == DUE.replace(tzinfo=None)
    with Book(folder, assignment) as book:
        assert book.due_before is None


def test_without_a_due_date_in_the_course_the_one_of_the_formgrader_counts(
    folder: CourseFolder, assignment: Assignment
) -> None:
    with Gradebook(folder.database) as nbgrader:
        nbgrader.update_or_create_assignment(LESSON, duedate="2026-12-14 23:59:00 UTC")
    without = replace(assignment, due=None)
    with Book(folder, without) as book:
        assert book.write("ada", marks(), (), DUE + timedelta(hours=1)).penalty == pytest.approx(3)


def test_an_exercise_that_the_assignment_has_got_since_is_entered(
    made: Callable[[Path, Fill], CourseFolder], assignment: Assignment, tmp_path: Path
) -> None:
    def handed_in_before(book: Gradebook) -> None:
        entered(book)
        with warnings.catch_warnings(action="ignore"):
            book.update_or_create_student("ada")
            book.add_submission(LESSON, "ada")
        for grade in book.find_submission_notebook(LESSON, LESSON, "ada").grades:
            if grade.name == "check-predict":
                book.db.delete(grade)
        book.db.commit()

    folder = made(tmp_path, handed_in_before)
    assert "check-predict" not in grades(folder)
    with Book(folder, assignment) as book:
        book.write("ada", marks(), (), None)
    assert grades(folder)["check-predict"] == (2.0, False)


def refused(folder: CourseFolder, assignment: Assignment) -> str:
    with pytest.raises(NbgraderError) as error:
        Book(folder, assignment)
    assert "Traceback" not in str(error.value)
    return str(error.value)


def test_a_folder_without_a_gradebook_is_no_course(tmp_path: Path, assignment: Assignment) -> None:
    assert "There is no gradebook" in refused(open_folder(tmp_path), assignment)
    assert list(tmp_path.iterdir()) == [], "and none is made"


def test_an_assignment_that_was_never_generated_is_said(
    made: Callable[[Path, Fill], CourseFolder], tmp_path: Path, assignment: Assignment
) -> None:
    folder = made(tmp_path, lambda _: None)
    assert "nbgrader generate_assignment linear_regression" in refused(folder, assignment)


def test_a_notebook_that_lacks_our_cells_is_said(
    made: Callable[[Path, Fill], CourseFolder], tmp_path: Path, assignment: Assignment
) -> None:
    def without_mse(book: Gradebook) -> None:
        entered(book)
        book.db.delete(book.find_grade_cell("check-mse", LESSON, LESSON))
        book.find_grade_cell("check-fit", LESSON, LESSON).max_score = 0
        book.db.commit()

    said = refused(made(tmp_path, without_mse), assignment)
    assert f"{LESSON} lacks check-fit, check-mse" in said


def test_a_file_that_is_no_gradebook_is_said(tmp_path: Path, assignment: Assignment) -> None:
    (tmp_path / "gradebook.db").write_text("grades, of a kind\n" * 100)
    assert "can't be used" in refused(open_folder(tmp_path), assignment)


def test_a_gradebook_that_another_program_holds_is_said(folder: CourseFolder, assignment: Assignment) -> None:
    with Book(folder, assignment) as book, closing(sqlite3.connect(folder.root / "gradebook.db")) as other:
        book.write("ada", marks(), (), None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(NbgraderError, match="database is locked"):
            book.write("ada", marks(mse=0), (), None)
        other.rollback()
        assert book.write("ada", marks(mse=0.25), (), None).score == 27.0


def test_a_configuration_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(NbgraderError, match="can't be read"):
        open_folder(tmp_path)


def test_a_released_notebook_that_is_missing_or_damaged_is_said(folder: CourseFolder) -> None:
    with pytest.raises(NbgraderError, match="is missing"):
        read_released(folder, LESSON, LESSON)
    path = folder.released(LESSON) / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    for text in ("", "{}", '{"cells": 3, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "\udcff"):
        path.write_bytes(text.encode(errors="surrogateescape"))
        with pytest.raises(NbgraderError, match="not a sound nbgrader notebook"):
            read_released(folder, LESSON, LESSON)
    write(path, source_notebook())
    assert len(read_released(folder, LESSON, LESSON).cells) == 20


def test_folders_may_be_called_otherwise(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.submitted_directory = 'in'\nc.CourseDirectory.db_url = 'sqlite:////srv/x.db'\n"
    )
    (tmp_path / "in" / "ada" / LESSON).mkdir(parents=True)
    (tmp_path / "in" / "bob" / "another").mkdir(parents=True)
    folder = open_folder(tmp_path)
    assert folder.students(LESSON) == ["ada"]
    assert folder.submitted("ada", LESSON) == tmp_path / "in" / "ada" / LESSON
    assert folder.database == "sqlite:////srv/x.db"
