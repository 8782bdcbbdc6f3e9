"""Mutants that are no mistakes: listed with a reason by the author, and shown to be none on drawn inputs.

`solutions/LESSON/equivalent_mutants.toml` has a table for each:

    [mse-6c416e2b]
    change = "t1.numel() for difference.numel()"
    reason = "Both arguments have one shape, and so has their difference."

    [step-23f377f0]
    change = "return w for nothing returned"
    reason = "What it returns is ignored."
    free = ["value"]

The key is the mutant's id, as the audit shows it. `free` are parts of the outcome that the exercise's contract leaves
to the learner and that are therefore not compared: value, items, printed, after, grad, leaf.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.audit.trials import Subject
from grader.checks.observed import alike, features
from grader.core.assignment import Assignment
from grader.core.errors import BankError
from grader.sandbox.protocol.messages import Call, Iterate, Raised, Reply

Answer = tuple[Reply | Raised, str]
# What an answer consists of, and what each part is called in a sentence. Those of an argument end in its number.
PARTS = {
    "value": "what is returned",
    "items": "what is gone through",
    "printed": "what is printed",
    "after": "an argument afterwards",
    "grad": "the gradient of an argument afterwards",
    "leaf": "whether an argument is a leaf that requires gradients afterwards",
}


def answer_difference(call: Call, one: Answer, other: Answer, free: Collection[str] = ()) -> str | None:
    """The first part in which two answers differ; None when they are the same. Parts in `free` are not compared."""
    parts = [*(["items"] if isinstance(call.then, Iterate) else []), "value", "printed"]
    parts += [f"{part}:{index}" for part in ("after", "grad", "leaf") for index in range(len(call.args))]
    for part in parts:
        name = part.partition(":")[0]
        if name not in free and not alike(features(*one, {part}), features(*other, {part})):
            return name
    return None


FILE = "equivalent_mutants.toml"
CALLS = 1000  # that are compared
_KEYS = {"change", "reason", "free"}


@dataclass(frozen=True)
class Listed:
    """What an author says of a mutant."""

    id: str
    change: str
    reason: str
    free: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A listed mutant that exists, to be shown equal on this many calls."""

    listed: Listed
    subject: Subject
    calls: int = CALLS

    @property
    def id(self) -> str:
        """The mutant's."""
        return self.listed.id

    @property
    def free(self) -> tuple[str, ...]:
        """The parts that are not compared."""
        return self.listed.free


@dataclass(frozen=True)
class Claims:
    """The claims of one exercise: the calls are drawn once for all of them."""

    exercise: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Shown:
    """What came of a claim: of how many calls how many were answered alike, and the part in which the next differed."""

    id: str
    calls: int
    of: int
    differs: str | None = None


def claims_of(mutants: Iterable[Subject], listed: Mapping[str, Listed]) -> list[Claims]:
    """The claims about these mutants, by exercise."""
    found: dict[str, list[Claim]] = {}
    for mutant in mutants:
        if mutant.id in listed:
            found.setdefault(mutant.exercise, []).append(Claim(listed[mutant.id], mutant))
    return [Claims(exercise, tuple(claims)) for exercise, claims in found.items()]


def equivalents_file(assignment: Assignment) -> str:
    """The list, as a path from the course's root."""
    return f"solutions/{assignment.id}/{FILE}"


def read_equivalents(root: Path, assignment: Assignment) -> dict[str, Listed]:
    """The list of an assignment; empty where there is none. Raises `BankError`, with a sentence a line."""
    file = equivalents_file(assignment)
    try:
        tables = tomllib.loads((root / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BankError(f"{file} can't be read as TOML: {error}.") from None
    problems = [f"{file}: [{id}] {problem}" for id, table in tables.items() for problem in _problems(table)]
    if problems:
        raise BankError("\n".join(problems))
    return {id: Listed(id, t["change"], t["reason"], tuple(t.get("free", ()))) for id, t in tables.items()}


def _problems(table: Any) -> list[str]:
    if not isinstance(table, dict):
        return ["expected a table with `change` and `reason`, found a value."]
    problems = [f"has no {key}." for key in ("change", "reason") if not _is_text(table.get(key))]
    problems += [f'has an unknown key "{key}"; there are: change, reason, free.' for key in table.keys() - _KEYS]
    free = table.get("free", [])
    if not isinstance(free, list) or not set(map(str, free)) <= PARTS.keys():
        problems.append(f"`free` should be a list of some of {', '.join(PARTS)}.")
    return problems


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
