"""What is said of a result elsewhere: whether its points are final, and its feedback as inert text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.course.model import Assignment, Course
from grader.records import ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.report.page import ExercisePart, Page, page_of

NOT_FINAL = "Not graded in full, through our own failure and no fault of yours: these points are not final."


@dataclass(frozen=True)
class Standing:
    """A result and its page, which has the words that learners read."""

    result: SubmissionResult
    page: Page

    @property
    def final(self) -> bool:
        """Whether every exercise has been looked at, by the checks or by a person."""
        return is_final(self.result)

    @property
    def parts(self) -> list[ExercisePart]:
        """The exercises that there is something to say of, in the course's order."""
        return [part for _, parts in self.page.groups for part in parts]

    def opening(self) -> str:
        """The total and what is said of the whole: why it was not graded, what was left aside, how it was run."""
        not_final = () if self.final else (NOT_FINAL,)
        return "\n".join(text for text in (self.page.total, *not_final, *self.page.notice, self.page.note) if text)

    def everything(self) -> str:
        """All that the learner may read, as lines of text."""
        pieces = [self.opening(), *(f"{part.id}: {part.title}\n{part_text(part)}" for part in self.parts)]
        return "\n\n".join(pieces)


def standing_of(result: SubmissionResult, course: Course, assignment: Assignment) -> Standing:
    """A result with its page."""
    return Standing(result, page_of(result, course, assignment))


def is_final(result: SubmissionResult) -> bool:
    """Whether the points are what the learner gets: what we failed to grade has none, and is no zero."""
    if any(exercise.status is ExerciseStatus.GRADER_ERROR for exercise in result.exercises):
        return False
    return result.status is not SubmissionStatus.GRADER_ERROR or all(e.override for e in result.exercises)


def part_text(part: ExercisePart) -> str:
    """What the learner may read of one exercise, as lines of text."""
    return "\n".join(_lines(part))


def _lines(part: ExercisePart) -> Iterator[str]:
    yield f"{part.state.words}, {part.override or f'{part.points} points'}"
    if part.summary:
        yield part.summary
    width = max((len(label) for label, _ in part.facts), default=0)
    for label, text in part.facts:
        for number, line in enumerate(text.split("\n")):
            yield f"  {'' if number else label:<{width}}  {line}".rstrip()
    if part.hint:
        yield f"Hint: {part.hint}"
    for advice in part.advice:
        yield f"Advice: {advice}"
