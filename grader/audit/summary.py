"""The counts of an audit: of each exercise, how many implementations of each kind got what they deserve."""

from __future__ import annotations

from dataclasses import dataclass

from grader.audit.auditing import Audit
from grader.audit.subjects import Kind


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    good: int
    all: int

    def __str__(self) -> str:
        return f"{self.good}/{self.all}" if self.all else "–"

    @property
    def complete(self) -> bool:
        """Whether it is all of them."""
        return self.good == self.all

    def __add__(self, other: Count) -> Count:
        return Count(self.good + other.good, self.all + other.all)


@dataclass(frozen=True)
class Counts:
    """Of one exercise, or of all: right answers with full points, mistakes rejected, mistakes named, mutants rejected,
    and equivalent mutants shown to be that."""

    right: Count
    mistakes: Count
    named: Count
    mutants: Count
    equivalents: Count


def counts(audit: Audit, exercise: str) -> Counts:
    """The counts of an exercise."""
    right, mistakes, mutants = (audit.of(kind, exercise) for kind in (Kind.RIGHT, Kind.MISTAKE, Kind.MUTANT))
    equivalent = {shown.id for shown in audit.shown if not shown.differs}
    claimed = [trial for trial in mutants if trial.subject.id in audit.listed]
    others = [trial for trial in mutants if trial.subject.id not in audit.listed]
    return Counts(
        Count(sum(trial.right for trial in right), len(right)),
        Count(sum(trial.rejected for trial in mistakes), len(mistakes)),
        Count(sum(trial.named == trial.subject.mistake for trial in mistakes), len(mistakes)),
        Count(sum(trial.rejected for trial in others), len(others)),
        Count(sum(trial.subject.id in equivalent for trial in claimed), len(claimed)),
    )


def total(each: list[Counts]) -> Counts:
    """The counts of all exercises together."""
    none = Count(0, 0)
    return Counts(
        sum((c.right for c in each), none),
        sum((c.mistakes for c in each), none),
        sum((c.named for c in each), none),
        sum((c.mutants for c in each), none),
        sum((c.equivalents for c in each), none),
    )


def verdict(audit: Audit) -> str:
    """The last word, in a sentence."""
    if audit.sound:
        return f"{audit.assignment.id} is sound: nothing that was tried got what it doesn't deserve."
    number = len(audit.problems)
    return f"{audit.assignment.id} is not sound: {number} {'problem' if number == 1 else 'problems'}."


def tried(audit: Audit) -> str:
    """What was tried, in a sentence."""
    seeds = len(audit.seeds)
    return (
        f"{len(audit.trials)} implementations with {seeds} {'seed' if seeds == 1 else 'seeds'}"
        f"{f', {len(audit.shown)} equivalents on {audit.shown[0].of} calls each' if audit.shown else ''}, in "
        f"{audit.seconds:.0f} s."
    )
