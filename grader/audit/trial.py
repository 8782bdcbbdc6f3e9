"""What became of an implementation under the hidden checks: plain data, sent from the processes that try them out."""

from __future__ import annotations

from dataclasses import dataclass

from grader.audit.subjects import Subject
from grader.records import CheckStatus, ExerciseResult, ExerciseStatus


@dataclass(frozen=True)
class Run:
    """One exercise's checks on one implementation with one seed. `said` is what a learner would be told first."""

    exercise: str
    seed: int
    status: ExerciseStatus
    score: float
    max_score: float
    checks: tuple[tuple[str, CheckStatus], ...]
    said: str = ""

    @property
    def full(self) -> bool:
        """Whether it earned everything."""
        return self.status is ExerciseStatus.PASSED and self.score == self.max_score

    @property
    def failed(self) -> tuple[str, ...]:
        """The checks that it failed."""
        return tuple(name for name, status in self.checks if status is not CheckStatus.PASSED)

    @property
    def verdict(self) -> tuple[ExerciseStatus, float]:
        """What a gradebook would hold."""
        return self.status, self.score


@dataclass(frozen=True)
class Trial:
    """What came of one implementation.

    `runs` are those of its own exercise: all checks, with the first seed and, unless it is a mutant that was rejected,
    with every other. `kept` are seeds with which a mutant that had been rejected earned everything. `others` are the
    other exercises with the first seed. `noticed` are checks whose calls a mutant that passes answered in another way
    than the reference; `named` is the mistake that diagnosis saw in one from the bank. `broke` says how a hidden
    check failed on it; `ended` is the exit status of the process that it ended, and 0 where it ended none.
    """

    subject: Subject
    runs: tuple[Run, ...]
    kept: tuple[int, ...] = ()
    others: tuple[Run, ...] = ()
    noticed: tuple[str, ...] = ()
    named: str | None = None
    broke: str = ""
    ended: int | None = 0

    @property
    def first(self) -> Run | None:
        """The run with the first seed; None when there is none, because a check or the process failed."""
        return self.runs[0] if self.runs else None

    @property
    def passed(self) -> bool:
        """Whether it earned everything with the first seed."""
        return bool(self.runs) and self.runs[0].full

    @property
    def right(self) -> bool:
        """Whether it earned everything, everywhere, with every seed."""
        return bool(self.runs) and all(run.full for run in (*self.runs, *self.others))

    @property
    def rejected(self) -> bool:
        """Whether it lost points with every seed, or ended the process."""
        if not self.runs:
            return self.ended != 0
        return not self.kept and not any(run.full for run in self.runs)


def run_of(result: ExerciseResult, seed: int) -> Run:
    """A result as a run."""
    said = result.finding.summary if result.finding else ""
    checks = tuple((check.id, check.status) for check in result.checks)
    return Run(result.id, seed, result.status, result.score, result.max_score, checks, said)
