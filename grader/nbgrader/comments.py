"""What the gradebook says of a submission: for each exercise a share of its points, and a comment for its learner."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course.model import Assignment, Course
from grader.nbgrader.verbatim import verbatim
from grader.records import ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.report.page import Page, page_of
from grader.report.page_text import part_lines

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
    """What is said of the submission as a whole: why it was not graded, what was left aside, whether it was trusted."""
    page = page_of(result, course, assignment)
    return [line for text in (*page.notice, page.note) for line in text.split("\n") if line]


def _mark(id: str, exercise: ExerciseResult | None, result: SubmissionResult, comment: str) -> Mark:
    graded = exercise is not None and (
        exercise.override is not None
        or (result.status is SubmissionStatus.GRADED and exercise.status is not ExerciseStatus.GRADER_ERROR)
    )
    share = exercise.score / exercise.max_score if exercise is not None and graded and exercise.max_score > 0 else None
    return Mark(id, share, verbatim(comment))


def _why(page: Page) -> list[str]:
    return ["Not graded.", *page.notice]
