"""What each check is worth: which wrong implementations it fails, and which nobody else would have.

Two rules of proportion, for checks that earn points, within one exercise:

- A check that fails all that another fails, and more, isn't worth less than the other.
- A check's share of the points is at most `SHARE` times its share of the wrong implementations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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


def out_of_proportion(found: Sequence[Worth]) -> Iterator[str]:
    """A sentence for each check whose points don't fit what it finds."""
    # What fails everything, because it stops with an error, tells nothing of one check beside another.
    hopeless = frozenset.intersection(*(worth.fails for worth in found)) if found else frozenset()
    earning = [replace(worth, fails=worth.fails - hopeless) for worth in found if worth.info.points]
    caught = len(frozenset().union(*(worth.fails for worth in earning))) if earning else 0
    total = sum(worth.points for worth in earning)
    for worth in earning:
        for other in earning:
            if worth.fails > other.fails and worth.points < other.points:
                yield (
                    f"{worth.info.exercise}: {worth.check} fails all that {other.check} fails, and more, and is worth "
                    f"less: {worth.points:g} of {other.points:g} points."
                )
        if worth.fails and caught and worth.points / total > SHARE * len(worth.fails) / caught:
            yield (
                f"{worth.info.exercise}: {worth.check} holds {worth.points:g} of {total:g} points, and fails "
                f"{len(worth.fails)} of {caught} wrong implementations."
            )
