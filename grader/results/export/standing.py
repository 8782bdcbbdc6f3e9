"""What is said of a result elsewhere: whether its points are final, and its feedback as inert text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.core import labels
from grader.core.assignment import Assignment, Course
from grader.core.records import SubmissionResult, SubmissionStatus
from grader.results.feedback_page import ExercisePart, Page, page_of

NO_SCORE = "Nothing was graded: a 0 shown beside this is not a score."
NOT_FINAL = "Not graded in full, because of a failure on our side: these points are not final."


@dataclass(frozen=True)
class ExportedResult:
    """A result and its page, which has the words that learners read."""

    result: SubmissionResult
    page: Page

    @property
    def final(self) -> bool:
        """Whether the score is what the learner gets, from the checks or from a person."""
        return self.result.is_final

    @property
    def why_no_points(self) -> str:
        """Why there are no final points, for whoever exports; empty when there are."""
        if self.final:
            return ""
        if self._ours:
            return "no final points, because of a failure on our side: --resume grades again"
        return f"not graded, {labels.submission_words(self.result.status).words}: {self.result.note}"

    @property
    def _ours(self) -> bool:
        return self.result.status in (SubmissionStatus.GRADED, SubmissionStatus.GRADER_ERROR)

    @property
    def parts(self) -> list[ExercisePart]:
        """The exercises that there is something to say of, in the course's order."""
        return [part for _, parts in self.page.groups for part in parts]

    def opening(self) -> str:
        """The total and what is said of the whole: with whom and how late it was handed in, by a person, why it was not
        graded, what was left aside, how it was run."""
        page = self.page
        not_final = () if self.final else (NOT_FINAL if self._ours else NO_SCORE,)
        said = (page.total, *page.handed_in, *not_final, *page.comments, *page.notice, page.note)
        return "\n".join(text for text in said if text)

    def everything(self) -> str:
        """All that the learner may read, as lines of text."""
        pieces = [self.opening(), *(f"{part.id}: {part.title}\n{part_text(part)}" for part in self.parts)]
        return "\n\n".join(pieces)


def standing_of(result: SubmissionResult, course: Course, assignment: Assignment) -> ExportedResult:
    """A result with its page."""
    return ExportedResult(result, page_of(result, course, assignment))


def part_text(part: ExercisePart) -> str:
    """What the learner may read of one exercise, as lines of text."""
    return "\n".join(_lines(part))


def _lines(part: ExercisePart) -> Iterator[str]:
    yield f"{part.state.words}, {part.override or f'{part.points} points'}"
    yield from part.comments
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
