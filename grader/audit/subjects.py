"""What is audited: the reference, the stubs, and implementations that stand in for one function of the reference."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from grader.audit.mutants import Mutant, make_mutants
from grader.audit.reference import read_reference
from grader.course import Assignment
from grader.diagnosis import Bank
from grader.diagnosis.bank import VARIANT
from grader.rehearsal.rehearse import implemented
from grader.release import make_stub
from grader.release.stubs import read_solution

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
        """A name that occurs once in an audit."""
        return self.name if self.kind is Kind.MUTANT else f"{self.exercise}/{self.name}" if self.exercise else self.kind

    @property
    def mistake(self) -> str:
        """The id of the mistake that this is a way to; empty for what is none."""
        return self.name.split(VARIANT)[0] if self.kind is Kind.MISTAKE else ""


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
    yield Subject(Kind.STUB, "", "stub", "the stubs as they are handed out", stubs)


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
    reference = read_reference(root, assignment, wanted)
    fixed = {name: constants[at] for at, name in enumerate(reference.parameters) if at in constants}
    for mutant in make_mutants(reference, fixed):
        texts = {wanted.module: mutant.text}
        yield Subject(Kind.MUTANT, exercise, mutant.id, mutant.what, texts, mutant.text, mutant)
