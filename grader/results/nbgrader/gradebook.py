"""nbgrader's gradebook, `gradebook.db`: our scores and comments in it, and a person's left alone.

A learner's scores are written in one transaction. Until then they count as not graded, and wait for a person: no
moment shows points that nobody earned, or that an earlier submission did.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbgrader.api import (  # type: ignore[import-untyped]
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedNotebook,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SAWarning, SQLAlchemyError

from grader.core.assignment import Assignment, Course
from grader.core.due_dates import late_share
from grader.core.errors import NbgraderError
from grader.core.records import ExerciseResult, SubmissionResult
from grader.core.sanitize import sanitized
from grader.results.feedback_page import Page, page_of
from grader.results.nbgrader.nbgrader_course import CourseFolder, answer_cell, check_cell
from grader.results.reports import part_lines

_LONGEST = 20_000


def verbatim(text: str) -> str:
    """The text as a Markdown code block: shown as it is, and nothing of it works in the reader's browser.

    The formgrader shows comments unrendered, in a box: so the block is an indented one, without fences.
    """
    lines = sanitized(text, _LONGEST, lines=True).split("\n")
    return "\n".join(f"    {line}".rstrip() for line in lines).strip("\n")


NOT_GRADED_YET = verbatim("Not graded yet: a grading has begun and has not ended.")


@dataclass(frozen=True)
class Mark:
    """What is to stand in the gradebook for one exercise: a share of its points from 0 to 1, or None for a person."""

    exercise: str
    share: float | None
    comment: str


def marks_of(result: SubmissionResult, course: Course, assignment: Assignment) -> list[Mark]:
    """A mark for each exercise of the assignment.

    What could not be graded gets no points and waits for a person, who is told why; so does what `override` says
    nothing about in a submission that could not be read.
    """
    page = page_of(result, course, assignment)
    parts = {part.id: "\n".join(part_lines(part)) for _, group in page.groups for part in group}
    found = {exercise.id: exercise for exercise in result.exercises}
    why = "\n".join(_why(page))
    return [_mark(id, found.get(id), result, parts.get(id, why)) for id in assignment.exercises]


def notes_of(result: SubmissionResult, course: Course, assignment: Assignment) -> list[str]:
    """What is said of the submission as a whole: by a person, why it was not graded, what was left aside, whether it
    was trusted."""
    page = page_of(result, course, assignment)
    return [line for text in (*page.comments, *page.notice, page.note) for line in text.split("\n") if line]


def _mark(id: str, exercise: ExerciseResult | None, result: SubmissionResult, comment: str) -> Mark:
    graded = exercise is not None and result.counts(exercise)
    share = exercise.score / exercise.max_score if exercise is not None and graded and exercise.max_score > 0 else None
    return Mark(id, share, verbatim(comment))


def _why(page: Page) -> list[str]:
    return ["Not graded.", *page.notice]


def must_exist(folder: CourseFolder) -> None:
    """Raises `NbgraderError` when there is no gradebook: opening one would make it, wherever a wrong path leads."""
    try:
        url = make_url(folder.database)
    except ArgumentError as error:
        raise NbgraderError(f"nbgrader_config.py in {folder.root} names no gradebook that can be read.") from error
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NbgraderError(
            f"There is no gradebook {url.database}. Give the folder of an nbgrader course in which "
            "`nbgrader generate_assignment` was run."
        )


def address_shown(url: str) -> str:
    """The address as people see it, without a password that may be in it."""
    try:
        return make_url(url).render_as_string(hide_password=True).removeprefix("sqlite:///")
    except ArgumentError:
        return "of this course"


NO_RESPONSE = "No response."  # nbgrader's words for an answer that nobody has written


@dataclass(frozen=True)
class GradebookEntry:
    """What the gradebook says of a learner now: points, what lateness took of them, and what waits for a person."""

    score: float
    penalty: float
    hours_late: float
    waiting: tuple[str, ...]


class Book:
    """The gradebook of one assignment. Used by one thread, as a context manager."""

    def __init__(self, folder: CourseFolder, assignment: Assignment) -> None:
        """Raises `NbgraderError` when there is no gradebook, or the assignment is not in it as it must be."""
        self._assignment = assignment
        self.shown = address_shown(folder.database)
        self.due_before: datetime | None = None  # a due date that was set by hand, and is not the course's
        must_exist(folder)
        with self._sentences():
            self._book = Gradebook(folder.database, folder.course_id)
            try:
                self.notebook: str = self._notebook_with_our_cells(folder)
                self._agree_on_the_due_date()
            except BaseException:
                self._book.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._book.close()

    def begin(self, students: Collection[str]) -> None:
        """Says of these learners, in one transaction, that they are not graded yet. A person's points stay."""
        with self._transaction():
            for student in students:
                try:
                    submitted = self._book.find_submission_notebook(self.notebook, self._assignment.id, student)
                except MissingEntry:
                    continue
                for exercise in self._assignment.exercises:
                    grade, comment = self._grade(submitted, exercise), self._comment(submitted, exercise)
                    comment.auto_comment = NOT_GRADED_YET
                    if grade.manual_score is None:
                        grade.auto_score, grade.needs_manual_grade = None, True
                submitted.late_submission_penalty = None

    def write(
        self, student: str, marks: Sequence[Mark], unanswered: Collection[str], handed_in: datetime | None
    ) -> GradebookEntry:
        """Writes a learner's scores and comments, when it was handed in, and what lateness costs, in one transaction.

        A person's points, extra points and comments stay, and go before ours. Where a person's points stand and the
        checks give something else than before, the exercise waits for that person again. Cells that are no exercise
        wait for a person, too, unless they are among the `unanswered` ones.
        """
        with self._transaction():
            submission = self._submission(student)
            submitted = self._submitted(submission)
            submission.timestamp = handed_in.astimezone(UTC).replace(tzinfo=None) if handed_in else None
            for mark in marks:
                self._mark(submitted, mark)
            self._leave_others_to_a_person(submitted, unanswered)
            score = sum(_points(grade) for grade in submitted.grades)
            due = self._due(submission)
            share = late_share(self._assignment.late, due, handed_in)
            penalty = round(score * share, 4)
            submitted.late_submission_penalty = penalty or None
            waiting = tuple(sorted(grade.cell.name for grade in submitted.grades if grade.needs_manual_grade))
            late = max(0.0, (handed_in - due).total_seconds() / 3600) if due and handed_in else 0.0
        return GradebookEntry(score, penalty, late, waiting)

    def _mark(self, submitted: Any, mark: Mark) -> None:
        grade, comment = self._grade(submitted, mark.exercise), self._comment(submitted, mark.exercise)
        before = grade.auto_score
        grade.auto_score = None if mark.share is None else round(mark.share * grade.cell.max_score, 4)
        if grade.manual_score is None:
            grade.needs_manual_grade = mark.share is None
        elif grade.auto_score != before:
            grade.needs_manual_grade = True
        comment.auto_comment = mark.comment

    def _leave_others_to_a_person(self, submitted: Any, unanswered: Collection[str]) -> None:
        ours = {check_cell(exercise) for exercise in self._assignment.exercises}
        for grade in submitted.grades:
            if grade.cell.name in ours:
                continue
            blank = grade.cell.name in unanswered
            grade.auto_score = 0.0 if blank else None
            if grade.manual_score is None:
                grade.needs_manual_grade = not blank
        answers = {answer_cell(exercise) for exercise in self._assignment.exercises}
        for comment in submitted.comments:
            if comment.cell.name not in answers:
                comment.auto_comment = NO_RESPONSE if comment.cell.name in unanswered else None

    def _grade(self, submitted: Any, exercise: str) -> Any:
        return self._row(Grade, submitted.grades, submitted, check_cell(exercise))

    def _comment(self, submitted: Any, exercise: str) -> Any:
        return self._row(Comment, submitted.comments, submitted, answer_cell(exercise))

    def _row(self, kind: Any, rows: Any, submitted: Any, name: str) -> Any:
        """The learner's row for a cell; made where the assignment has got the cell since."""
        for row in rows:
            if row.cell.name == name:
                return row
        return self._new(kind, cell=self._cells()[name], notebook=submitted)

    def _new(self, kind: Any, **said: Any) -> Any:
        with self._book.db.no_autoflush:
            row = kind(**said)
            self._book.db.add(row)
        return row

    def _submission(self, student: str) -> Any:
        with warnings.catch_warnings():
            # nbgrader makes its rows before it adds them, which newer versions of SQLAlchemy complain of.
            warnings.simplefilter("ignore", SAWarning)
            self._book.update_or_create_student(student)
            return self._book.update_or_create_submission(self._assignment.id, student)

    def _submitted(self, submission: Any) -> Any:
        for submitted in submission.notebooks:
            if submitted.name == self.notebook:
                return submitted
        notebook = self._book.find_notebook(self.notebook, self._assignment.id)
        return self._new(SubmittedNotebook, notebook=notebook, assignment=submission)

    def _cells(self) -> dict[str, Any]:
        notebook = self._book.find_notebook(self.notebook, self._assignment.id)
        return {cell.name: cell for cell in (*notebook.grade_cells, *notebook.solution_cells)}

    def _due(self, submission: Any) -> datetime | None:
        due = submission.duedate if submission.assignment.duedate else None  # with the learner's own extension
        return due.replace(tzinfo=UTC) if due else None

    def _agree_on_the_due_date(self) -> None:
        """The date in course.toml counts; where it has none, the one that was set in the formgrader."""
        if self._assignment.due is None:
            return
        due = self._assignment.due.astimezone(UTC).replace(tzinfo=None)
        entry = self._book.find_assignment(self._assignment.id)
        if entry.duedate != due:
            self.due_before = entry.duedate
            entry.duedate = due
            self._book.db.commit()

    def _notebook_with_our_cells(self, folder: CourseFolder) -> str:
        id = self._assignment.id
        again = f"Make it with `nbgrader generate_assignment {id}`, from a source notebook of this course."
        try:
            notebooks = self._book.find_assignment(id).notebooks
        except MissingEntry:
            raise NbgraderError(f'The gradebook of {folder.root} has no assignment "{id}". {again}') from None
        wanted = {check_cell(exercise) for exercise in self._assignment.exercises}
        answers = {answer_cell(exercise) for exercise in self._assignment.exercises}
        lacks = {
            notebook.name: sorted(
                (wanted - {cell.name for cell in notebook.grade_cells if cell.max_score > 0})
                | (answers - {cell.name for cell in notebook.solution_cells})
            )
            for notebook in notebooks
        }
        fitting = [name for name, missing in lacks.items() if not missing]
        if fitting:
            return str(fitting[0])
        found = "; ".join(f"{name} lacks {', '.join(missing)}" for name, missing in lacks.items()) or "it has none"
        raise NbgraderError(f'No notebook of the assignment "{id}" has a cell for each exercise: {found}. {again}')

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._sentences():
            try:
                yield
                self._book.db.commit()
            except BaseException:
                self._book.db.rollback()
                raise

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise NbgraderError(
                f"The gradebook {self.shown} can't be used: {cause}. If another program is at it, try again "
                "when it has ended; if nbgrader was upgraded, copy the gradebook and run `nbgrader db upgrade`."
            ) from error


def _points(grade: Any) -> float:
    own = grade.auto_score if grade.manual_score is None else grade.manual_score
    return float(own or 0.0) + float(grade.extra_credit or 0.0)
