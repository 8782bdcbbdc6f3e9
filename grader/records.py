"""Results as plain data: what a check found, what an exercise earned, what became of a submission.

Everything here is frozen, comparable and made of plain values, so that it can be stored, sent between processes and
rendered without knowing how it came about. The words are those of the results file (`docs/results.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckStatus(StrEnum):
    """What became of one check. All but `passed` earn nothing."""

    PASSED = "passed"
    FAILED = "failed"
    TODO = "todo"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
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
    GRADER_ERROR = "grader_error"


class SubmissionStatus(StrEnum):
    """What became of a submission as a whole."""

    GRADED = "graded"
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
class CheckResult:
    """One check of one exercise. A check that only takes points away has a `max_points` of zero."""

    id: str
    status: CheckStatus
    points: float
    max_points: float


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission. `finding` is the first thing to mend; `advice` costs no points."""

    id: str
    status: ExerciseStatus
    score: float
    max_score: float
    checks: tuple[CheckResult, ...] = ()
    finding: Finding | None = None
    advice: tuple[str, ...] = ()
    misconception: str | None = None

    @property
    def feedback(self) -> str:
        """What the learner may read, as text; empty when there is nothing to say."""
        lines = self.finding.lines() if self.finding else []
        return "\n".join([*lines, *(f"Advice: {text}" for text in self.advice)])


@dataclass(frozen=True)
class SubmissionResult:
    """One learner's submission. `note` says why it was not graded, or which stray files were left aside."""

    student: str
    status: SubmissionStatus
    exercises: tuple[ExerciseResult, ...]
    note: str = ""

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(e.score for e in self.exercises), 4)

    @property
    def max_score(self) -> float:
        """Points that could be earned."""
        return round(sum(e.max_score for e in self.exercises), 4)
