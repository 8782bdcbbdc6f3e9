"""What each check is worth: which wrong implementations it fails, and which nobody else would have.

Two rules of proportion, for checks that earn points, within one exercise:

- A check that fails all that another fails, and more, isn't worth less than the other. What fails every check, because
  it stops with an error, is left aside.
- A check's share of the points is at most `SHARE` times its share of the known mistakes (of the mutants, where none is
  known).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.audit.trial import Trial
from grader.checks import CheckInfo
from grader.words import joined

SHARE = 3.0


@dataclass(frozen=True)
class Worth:
    """One check: its share of the exercise's points (of a guard, the share it takes), and the ids of the wrong
    implementations that it fails; `alone`, those that no other check fails."""

    check: str
    info: CheckInfo
    points: float
    fails: frozenset[str]
    alone: frozenset[str]


def worths(checks: Mapping[str, CheckInfo], points: float, wrong: Sequence[Trial]) -> list[Worth]:
    """The checks of an exercise against its wrong implementations, with the first seed."""
    failed = {trial.subject.id: trial.first.failed for trial in wrong if trial.first and not trial.first.full}
    total = sum(info.points for info in checks.values())
    found = []
    for name, info in checks.items():
        fails = frozenset(id for id, names in failed.items() if name in names)
        alone = frozenset(id for id, names in failed.items() if names == (name,))
        share = info.points / total if info.points else info.takes
        found.append(Worth(name, info, points * share, fails, alone))
    return found


def idle(found: Sequence[Worth]) -> list[Worth]:
    """Checks that fail no wrong implementation at all."""
    return [worth for worth in found if not worth.fails]


def never_alone(exercise: str, found: Sequence[Worth]) -> Iterator[str]:
    """A sentence for checks without any one of which the same implementations would be rejected."""
    names = [worth.check for worth in found if worth.fails and not worth.alone]
    if names:
        it = "it decides" if len(names) == 1 else "each decides"
        yield (
            f"{exercise}: {joined(names)} never {'rejects' if len(names) == 1 else 'reject'} alone: {it} only how many "
            "points are left."
        )


def out_of_proportion(found: Sequence[Worth], mistakes: Collection[str]) -> Iterator[str]:
    """A sentence for each check whose points don't fit what it finds. `mistakes` are the ids of known mistakes."""
    earning = [worth for worth in found if worth.info.points]
    hopeless = frozenset.intersection(*(worth.fails for worth in found)) if found else frozenset()
    for worth in earning:
        for other in earning:
            if worth.fails - hopeless > other.fails - hopeless and worth.points < other.points:
                yield (
                    f"{worth.info.exercise}: {worth.check} fails all that {other.check} fails, and more, and is worth "
                    f"less: {worth.points:g} of {other.points:g} points."
                )
    known = frozenset().union(*(worth.fails for worth in earning))
    known = known & frozenset(mistakes) or known
    total = sum(worth.points for worth in earning)
    for worth in earning:
        fails = len(worth.fails & known)
        if known and worth.points / total > SHARE * fails / len(known):
            yield (
                f"{worth.info.exercise}: {worth.check} holds {worth.points:g} of {total:g} points, and fails {fails} "
                f"of {len(known)} wrong implementations."
            )
