"""Results as plain data: what a check found, what an exercise earned, what became of a submission.

Everything here is frozen, comparable and made of plain values, so that it can be stored, sent between processes and
rendered without knowing how it came about. The words are those of the results file (`docs/results.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from grader.core.answers import Answers
from grader.core.due_dates import HandIn


class CheckStatus(StrEnum):
    """What became of one check. All but `passed` earn nothing."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    NOT_FOUND = "not_found"
    GRADER_ERROR = "grader_error"


class ExerciseStatus(StrEnum):
    """What became of one exercise."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    TODO = "todo"
    BLOCKED = "blocked"
    FORBIDDEN = "forbidden"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    NOT_FOUND = "not_found"
    GRADER_ERROR = "grader_error"


class SubmissionStatus(StrEnum):
    """What became of a submission as a whole."""

    GRADED = "graded"
    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    GRADER_ERROR = "grader_error"


@dataclass(frozen=True)
class Finding:
    """What is said about one failed check, in words that a learner may read.

    `facts` are (label, text) pairs in the order in which they are shown: called, returned, expected, where, …
    """

    summary: str
    facts: tuple[tuple[str, str], ...] = ()
    hint: str = ""

    def lines(self) -> list[str]:
        """The finding as text lines, labels aligned."""
        width = max((len(label) for label, _ in self.facts), default=0)
        out = [self.summary]
        for label, text in self.facts:
            first, *rest = text.split("\n")
            out.append(f"  {label:<{width}}  {first}")
            out.extend(f"  {'':<{width}}  {line}" for line in rest)
        if self.hint:
            out.append(f"Hint: {self.hint}")
        return out


@dataclass(frozen=True)
class Misconception:
    """A misconception that was recognised: its id, what is said of it, and the part of the lesson that explains it."""

    id: str
    says: str
    part: str = ""


@dataclass(frozen=True)
class Cause:
    """Where the mistake is, and a sentence on it. `by` is what found it.

    `line` counts from 1, in the submission's own `module`, or in the `cell` of its notebook, which counts from 1 as
    well. It is None where no line is at fault, or it is not known which.
    """

    by: Literal["bank", "repair", "behaviour", "exception"]
    module: str
    line: int | None
    says: str
    cell: int | None = None


@dataclass(frozen=True)
class Excerpt:
    """The learner's own lines around the line of a cause, that one among them; `first` is the number of the first."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """What grading an exercise took: other numbers at each grading, and no part of what came out. `seconds` is the time
    of its calls, as limits count it, `of_limit` the largest share that a call, or all of them, took of their limit.
    `search_cut`: the search for its cause was ended by time, and found none."""

    seconds: float
    of_limit: float
    search_cut: bool = False


@dataclass(frozen=True)
class Source:
    """A module as it was graded, made safe to show: of a notebook, what was taken out of it. `lines` are (number, cell,
    text), in the order in which they stand there; `cell` is None in a file. So many more were `left_out`."""

    module: str
    lines: tuple[tuple[int, int | None, str], ...]
    left_out: int = 0


@dataclass(frozen=True)
class CheckResult:
    """One check of one exercise. A check that only takes points away has a `max_points` of zero."""

    id: str
    status: CheckStatus
    points: float
    max_points: float


@dataclass(frozen=True)
class Override:
    """Points that a person set, in place of what the checks gave, which was `checks_gave` at that moment.

    `at` is ISO 8601, in that person's own time with its offset from UTC. `checks_gave` is None where it was not
    the same for all whom they were set for; `group` is the id of these, if they are one.
    """

    points: float
    reason: str
    by: str
    at: str
    checks_gave: float | None
    group: str = ""

    @property
    def day(self) -> str:
        """The day on which it was decided, as that person's calendar had it."""
        return self.at[:10]


@dataclass(frozen=True)
class Comment:
    """What a person says to learners about an exercise, or a whole submission. `at` is as in `Override`."""

    text: str
    by: str
    at: str

    @property
    def day(self) -> str:
        """The day on which it was written, as that person's calendar had it."""
        return self.at[:10]


@dataclass(frozen=True)
class Change:
    """One exercise whose result is another, now that it was graded again. Points are None where there were none, and no
    0. `checks` are those that found something else; `because` is what had changed: what it is graded with, what was
    handed in, or a person's override. `at` is ISO 8601, UTC."""

    student: str
    exercise: str
    before: float | None
    after: float | None
    status_before: str
    status_after: str
    checks: tuple[str, ...]
    because: Literal["checks", "submission", "override"]
    at: str


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission. `finding` is the first thing to fix, `cause` what that comes of, where it is
    known, and `around` the lines around its line; `advice` costs no points.

    Where a person has set the points there is an `override`, and `checked` is what the checks gave. `comments` are a
    person's. Of what failed, `answers` tell how it behaves, until it is stored, and from then on `group` is the id of
    those that behave alike; `written` is the same for those that are written alike.
    """

    id: str
    status: ExerciseStatus
    score: float
    max_score: float
    checks: tuple[CheckResult, ...] = ()
    finding: Finding | None = None
    advice: tuple[str, ...] = ()
    misconception: str | None = None
    cause: Cause | None = None
    around: Excerpt | None = None
    effort: Effort | None = field(default=None, compare=False)
    override: Override | None = None
    checked: ExerciseResult | None = None
    comments: tuple[Comment, ...] = ()
    answers: Answers | None = field(default=None, compare=False)
    written: str = field(default="", compare=False)
    group: str = field(default="", compare=False)

    @property
    def feedback(self) -> str:
        """What the learner may read of what was found, as text; empty when there is nothing to say."""
        lines = self.finding.lines() if self.finding else []
        return "\n".join([*lines, *(f"Advice: {text}" for text in self.advice)])

    def as_checked(self) -> ExerciseResult:
        """What the checks gave, whatever a person has set."""
        return self.checked or self

    def overruled(self, override: Override) -> ExerciseResult:
        """The same with the points that a person set, and the status and finding that go with them.

        Full points leave nothing to fix; points for what was not allowed say that it is allowed.
        """
        found = self.as_checked()
        full = override.points >= found.max_score
        allowed = found.status is ExerciseStatus.FORBIDDEN and override.points > 0
        return replace(
            found,
            status=_status_with(override.points, found),
            score=override.points,
            finding=None if full or allowed else found.finding,
            cause=None if full or allowed else found.cause,
            around=None if full or allowed else found.around,
            override=override,
            checked=found,
        )


# What an exercise with no points is called, however it came to have none.
_WITHOUT_POINTS = {
    ExerciseStatus.FAILED,
    ExerciseStatus.TODO,
    ExerciseStatus.BLOCKED,
    ExerciseStatus.FORBIDDEN,
    ExerciseStatus.TIMED_OUT,
    ExerciseStatus.CRASHED,
    ExerciseStatus.NOT_FOUND,
}
# What nobody has looked at: it has no points, and that is no 0.
_NOT_LOOKED_AT = (ExerciseStatus.NOT_FOUND, ExerciseStatus.GRADER_ERROR)


def _status_with(points: float, found: ExerciseResult) -> ExerciseStatus:
    if points >= found.max_score:
        return ExerciseStatus.PASSED
    if points > 0:
        return ExerciseStatus.PARTIAL
    return found.status if found.status in _WITHOUT_POINTS else ExerciseStatus.FAILED


@dataclass(frozen=True)
class SubmissionResult:
    """One learner's submission. `note` says why it was not graded, or which stray files were left aside; `trusted`
    that its code ran without the sandbox; `variant` as which one it was graded. `graded_at` is ISO 8601, UTC, and
    `hand_in` is how it came in: known of what was stored, and no part of what came out. `comments` are a person's."""

    student: str
    status: SubmissionStatus
    exercises: tuple[ExerciseResult, ...]
    note: str = ""
    trusted: bool = False
    variant: str = ""
    graded_at: str = field(default="", compare=False)
    hand_in: HandIn = field(default=HandIn(), compare=False)
    comments: tuple[Comment, ...] = ()

    def as_checked(self) -> SubmissionResult:
        """What the checks gave, whatever a person has set."""
        return replace(self, exercises=tuple(exercise.as_checked() for exercise in self.exercises))

    def overruled(self, overrides: Mapping[str, Override]) -> SubmissionResult:
        """The same with the points that a person set, by exercise."""
        exercises = (e.overruled(overrides[e.id]) if e.id in overrides else e for e in self.exercises)
        return replace(self, exercises=tuple(exercises))

    @property
    def overridden(self) -> tuple[ExerciseResult, ...]:
        """The exercises whose points a person set."""
        return tuple(exercise for exercise in self.exercises if exercise.override)

    def counts(self, exercise: ExerciseResult) -> bool:
        """Whether an exercise's points are points: given by the checks, or by a person. Else they are no 0."""
        if exercise.override:
            return True
        return self.status is SubmissionStatus.GRADED and exercise.status not in _NOT_LOOKED_AT

    @property
    def is_final(self) -> bool:
        """Whether the score is what the learner gets. That of what was not graded is no 0.

        A module that wasn't found takes nothing from the other's points. What could not be graded at all has a score
        when a person set points; through our own failure, when they set all.
        """
        if any(exercise.status is ExerciseStatus.GRADER_ERROR for exercise in self.exercises):
            return False
        if self.status is SubmissionStatus.GRADER_ERROR:
            return all(exercise.override for exercise in self.exercises)
        return self.status is SubmissionStatus.GRADED or bool(self.overridden)

    @property
    def score(self) -> float:
        """Points earned, whenever it was handed in."""
        return round(sum(e.score for e in self.exercises), 4)

    @property
    def late_penalty(self) -> float | None:
        """The points that lateness costs, of those earned; None where it isn't known when it was handed in or due."""
        lateness = self.hand_in.lateness
        return round(self.score * lateness.share, 4) if lateness else None

    @property
    def final_score(self) -> float:
        """The points that count: those earned, less what lateness costs."""
        return round(self.score - (self.late_penalty or 0.0), 4)

    @property
    def max_score(self) -> float:
        """Points that could be earned."""
        return round(sum(e.max_score for e in self.exercises), 4)


class NotReadError(Exception):
    """Something that was handed in can't be read. `str(error)` is a sentence for the reader."""

    def __init__(self, sentence: str, status: SubmissionStatus = SubmissionStatus.UNREADABLE) -> None:
        super().__init__(sentence)
        self.status = status
