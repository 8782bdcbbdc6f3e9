"""What is audited, what became of each implementation under the hidden checks, and what each check is worth.

Two rules of proportion, for checks that earn points, within one exercise:

- A check that fails all that another fails, and more, isn't worth less than the other. What fails every check, because
  it stops with an error, is left aside.
- A check's share of the points is at most `SHARE` times its share of the misconceptions (of the mutants, where none is
  known).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from grader.audit.mutants import Mutant, make_mutants
from grader.audit.reference import read_references
from grader.checks import CheckInfo
from grader.core.assignment import OF_VARIANT, Assignment
from grader.core.labels import joined
from grader.core.records import CheckStatus, ExerciseResult, ExerciseStatus
from grader.derived.stubs import make_stub, read_solution
from grader.grading.bank import OTHER_WAY, Bank
from grader.grading.local_run import implemented

Constants = Mapping[int, list[bool | int | float]]


class Kind(StrEnum):
    """What kind of implementation it is, and so what is expected of it."""

    REFERENCE = "reference"
    STUB = "stub"
    RIGHT = "right"
    MISTAKE = "mistake"
    MUTANT = "mutant"


@dataclass(frozen=True)
class Subject:
    """One implementation. `name` tells it from others of its kind and exercise; `modules` are its own texts, which
    stand in for the reference's; `source` is what an author wrote (of a mutant, the text of the module)."""

    kind: Kind
    exercise: str
    name: str
    title: str
    modules: Mapping[str, str] = field(repr=False)
    source: str = field(default="", repr=False)
    mutant: Mutant | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """A name that occurs once in an audit. A mistake and a right answer of an exercise may have one name."""
        if self.kind is Kind.MUTANT or not self.exercise:
            return self.name if self.kind is Kind.MUTANT else self.kind
        right = "right/" if self.kind is Kind.RIGHT else ""
        return f"{self.exercise}/{right}{self.name}"

    @property
    def mistake(self) -> str:
        """Id of the misconception this implements, or an empty string."""
        return self.name.split(OTHER_WAY)[0] if self.kind is Kind.MISTAKE else ""


def references(root: Path, assignment: Assignment) -> dict[str, str]:
    """The reference's modules. Raises `ReleaseError` when one can't be read."""
    return {module.id: read_solution(root, assignment, module) for module in assignment.modules.values()}


def touched_modules(sources: Mapping[str, str], changed: Collection[str]) -> set[str]:
    """The changed modules and those that import one of them, in whatever way: their text mentions it."""
    touched = set(changed)
    for module, text in sources.items():  # in order: a module can only import those before it
        if any(re.search(rf"\b{re.escape(other)}\b", text) for other in touched):
            touched.add(module)
    return touched


def whole(reference: Mapping[str, str], assignment: Assignment) -> Iterator[Subject]:
    """The reference, and the stubs that are made from it: every exercise of each is looked at."""
    yield Subject(Kind.REFERENCE, "", "reference", "the reference solution", reference)
    stubs = {module.id: make_stub(reference[module.id], assignment, module) for module in assignment.modules.values()}
    yield Subject(Kind.STUB, "", "stub", "the stubs as they are released", stubs)


def from_bank(bank: Bank, reference: Mapping[str, str], assignment: Assignment, exercise: str) -> Iterator[Subject]:
    """The mistakes of an exercise, each in all its ways, and the right answers in other styles."""
    module = assignment.exercises[exercise].module
    ways = [(Kind.MISTAKE, way) for mistake in bank.mistakes.get(exercise, ()) for way in mistake.ways]
    for kind, way in [*ways, *((Kind.RIGHT, right) for right in bank.right.get(exercise, ()))]:
        texts = {module: implemented(reference, module, way.source)[module]}
        yield Subject(kind, exercise, way.name, way.title, texts, way.source)


def from_reference(root: Path, assignment: Assignment, exercise: str, constants: Constants) -> Iterator[Subject]:
    """The mutants of an exercise's reference. `constants` are numbers and truth values that the checks pass, by the
    position of the parameter."""
    wanted = assignment.exercises[exercise]
    for reference in read_references(root, assignment, wanted):
        of_function = constants if "." not in reference.name else {}
        fixed = {name: of_function[at] for at, name in enumerate(reference.parameters) if at in of_function}
        for mutant in make_mutants(reference, fixed):
            texts = {wanted.module: mutant.text}
            yield Subject(Kind.MUTANT, exercise, mutant.id, mutant.what, texts, mutant.text, mutant)


@dataclass(frozen=True)
class TrialRun:
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
    runs: tuple[TrialRun, ...]
    kept: tuple[int, ...] = ()
    others: tuple[TrialRun, ...] = ()
    noticed: tuple[str, ...] = ()
    named: str | None = None
    broke: str = ""
    ended: int | None = 0

    @property
    def first(self) -> TrialRun | None:
        """The run with the first seed; None when there is none, because a check or the process failed."""
        return self.runs[0] if self.runs else None

    @property
    def passed(self) -> bool:
        """Whether it earned everything with the first seed."""
        return bool(self.runs) and self.runs[0].full

    @property
    def is_named(self) -> bool:
        """Whether a mistake is named as itself; or as what another variant asks for, which comes before all else."""
        return self.named == self.subject.mistake or OF_VARIANT in (self.named or "")

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


def trial_run(result: ExerciseResult, seed: int) -> TrialRun:
    """A result as a run."""
    said = result.finding.summary if result.finding else ""
    checks = tuple((check.id, check.status) for check in result.checks)
    return TrialRun(result.id, seed, result.status, result.score, result.max_score, checks, said)


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
        share = info.points / total if info.points else info.penalty
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
    """A sentence for each check whose points don't fit what it finds. `mistakes` are the ids of misconceptions."""
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
