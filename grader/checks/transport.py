"""The way to a learner's functions, and what can be told of them, their parameters above all, without calling them.

Checks give arguments by position, so that parameters may have any names. What counts is how many there are, and what
each stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from grader.core.labels import counted
from grader.core.sanitize import sanitized
from grader.reading.definitions import Signature
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.sandbox.protocol.plain import Array

PARAMETERS = "parameters"  # the label of a fact: some stand where the exercise has others


def told_apart(function: str, wanted: Signature, found: Signature, args: tuple[Any, ...]) -> str:
    """A sentence when a function's parameters are not the exercise's: too few or too many for these arguments, or with
    a name that the exercise gives to another one of them. Empty when nothing says so."""
    if not found.takes(len(args)):
        given = counted(len(args), "argument")
        return (
            f"{function} can't be called with {given}, as the exercise calls it: {wanted.text}. Its parameters may "
            "have "
            "any names, in the exercise's number and order."
        )
    at = misplaced(wanted, found, args)
    if at is None:
        return ""
    same = sorted(found.names) == sorted(wanted.names)
    others = "are in another order than" if same else "differ from"
    got = f"{sanitized(found.names[at], 60)} gets what the exercise calls {wanted.names[at]}"
    said = f"The parameters of {function} {others} the exercise's: {wanted.text}."
    return f"{said} Arguments are given by position, so {got}."


def misplaced(wanted: Signature, found: Signature, args: tuple[Any, ...]) -> int | None:
    """The place of a parameter whose name the exercise gives to another one, and that gets another kind of value than
    it would there; None when there is none. A single letter may mean anything, unless all names are the exercise's."""
    same = sorted(found.names) == sorted(wanted.names)
    homes = [name for name, other in zip(found.names, wanted.names, strict=False) if _akin(name, other)]
    vacant = [at for at, other in enumerate(wanted.names) if not any(_akin(name, other) for name in homes)]
    for at, name in enumerate(found.names[: min(len(args), len(wanted.names))]):
        for place in vacant:
            strange = place >= len(args) or _kind(args[at]) != _kind(args[place])
            telling = len(name) > 1 or same
            if place != at and strange and telling and name not in homes and _akin(name, wanted.names[place]):
                return at
    return None


def _akin(one: str, other: str) -> bool:
    """Whether two names mean the same: `epochs` and `num_epochs`, `opt` and `optimizer`, `input` and `inputs`."""
    if one == other:
        return True
    pairs = ((a, b) for a in _words(one) for b in _words(other))
    return any(a.startswith(b) or b.startswith(a) for a, b in pairs)


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"_|\d", name.lower()) if len(word) >= 3]


def _kind(value: Any) -> object:
    return (value.kind, value.shape) if isinstance(value, Array) else getattr(value, "path", type(value))


@dataclass(frozen=True)
class Function:
    """A function that checks may call: the module it is in, the torch functions it must not use, and the signature that
    the exercise gives it, where that is known."""

    module: str
    watch: tuple[str, ...] = ()
    signature: Signature | None = None


@dataclass(frozen=True)
class Source:
    """What is known of the source of one function: what the learner calls the file that it is in, whether the function
    is more than a stub there, and its signature, as far as it can be told. `is_alone`: it is run from what it needs
    alone, not from the whole file."""

    file: str
    written: bool = True
    signature: Signature | None = None
    is_alone: bool = False


class Transport(Protocol):
    """The way to a learner's functions."""

    @property
    def send(self) -> Callable[[Call], Callable[[], tuple[Reply | Raised, str]]]:
        """Has a call performed. The function that is given waits for what came of it, and tells that and what was
        printed. Where the call came to no end, that raises `ChildEnded` or `CheckFailed`."""

    def line_of(self, place: CodeLine) -> str:
        """A place in the learner's code in words, with the line itself: `lesson.py, line 3:  return total`."""

    def definition(self, module: str, function: str) -> CodeLine | None:
        """Where a function is defined, or returns its result, as far as can be told from its source."""

    def source(self, module: str, function: str) -> Source:
        """What is known of the source of a function."""
