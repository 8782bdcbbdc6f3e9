"""Which exercise a check belongs to, what it is worth, and how it fails with a finding that a learner may read; and
`variant("axis")`, by which an author's code asks for a parameter of an assignment that has variants.

What learners get and what is graded is made for one variant: there, a value stands in place of each such call. In the
author's own folders, which `pytest exercises` checks as they are, it is the value of the first variant.
"""

from __future__ import annotations

import sys
import tomllib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

from grader.core.assignment import FILE_NAME
from grader.core.errors import CourseError, did_you_mean
from grader.core.records import CheckStatus, Finding
from grader.sandbox.protocol.messages import CodeLine


class FindingScope(StrEnum):
    """What a finding is about, as far as it can be told.

    `function`: what the function does, so that the exercise's hints may help. `surroundings`: a limit, a name, a file,
    a signature, where they can't. `module`: its module can't be used at all, and the function was not reached.
    """

    FUNCTION = "function"
    SURROUNDINGS = "surroundings"
    MODULE = "module"


class CheckFailed(AssertionError):
    """A check's verdict against a learner's function.

    `culprit` is the function in which an exception was raised, when it is another one of the learner's than the one
    that was called; `place` the line of the learner's that it came out of.
    """

    def __init__(
        self,
        finding: Finding,
        status: CheckStatus = CheckStatus.FAILED,
        culprit: str | None = None,
        scope: FindingScope = FindingScope.FUNCTION,
        place: CodeLine | None = None,
    ) -> None:
        super().__init__("\n".join(finding.lines()))
        self.finding = finding
        self.status = status
        self.culprit = culprit
        self.scope = scope
        self.place = place


F = TypeVar("F", bound=Callable[..., Any])
MARK = "exercise_check"


@dataclass(frozen=True)
class CheckInfo:
    """An exercise's check. `points` is its weight among the checks that earn; `penalty` the share of the exercise's
    points, from 0 to 1, that failing it costs. One of the two is zero."""

    exercise: str
    points: float
    penalty: float
    title: str


def check(exercise: str, *, points: float = 1) -> Callable[[F], F]:
    """Mark a test as a check of `exercise` that earns `points`, in proportion to the exercise's other checks."""
    if points <= 0:
        raise ValueError(f"a check of {exercise} earns {points:g} points; use a guard for what earns nothing")
    return _mark(exercise, points, 0.0)


def guard(exercise: str, *, penalty: float | None = None, takes: float | None = None) -> Callable[[F], F]:
    """Mark a test as a guard of `exercise`: it earns nothing, and takes this share of the points when it fails.

    `takes` is the old name of `penalty`, which goes away in 0.3.
    """
    if takes is not None:
        warnings.warn("guard(takes=…) is guard(penalty=…) now", DeprecationWarning, stacklevel=2)
        penalty = takes
    if penalty is None or not 0 < penalty <= 1:
        raise ValueError(f"a guard of {exercise} has the penalty {penalty}; it must be above 0 and at most 1")
    return _mark(exercise, 0.0, penalty)


def _mark(exercise: str, points: float, penalty: float) -> Callable[[F], F]:
    def decorate(test: F) -> F:
        title = (test.__doc__ or "").strip().split("\n")[0]
        marked = pytest.mark.exercise_check(CheckInfo(exercise, points, penalty, title))
        return marked(test)  # type: ignore[no-any-return]  # a mark gives the test back

    return decorate


def info_of(item: pytest.Item) -> CheckInfo | None:
    """What a collected test says of itself; None for a test that is no check."""
    marker = item.get_closest_marker(MARK)
    return marker.args[0] if marker else None


@dataclass(frozen=True)
class PlainCheck:
    """A check that is an ordinary function of `student` and `draw`, or of one of them, and of its own parameters."""

    function: Callable[..., None]
    wants: tuple[str, ...]
    parameters: Mapping[str, Any]

    def call(self, student: object, draw: object) -> None:
        """Run it. Raises what the check raises."""
        given = {"student": student, "draw": draw}
        self.function(**{name: given[name] for name in self.wants}, **self.parameters)


def plain_check(item: pytest.Item) -> PlainCheck | None:
    """A collected check as a function that can be called without pytest; None for one that wants what only pytest can
    give: other fixtures, markers that change how it runs, a class."""
    if type(item) is not pytest.Function or item.cls is not None:
        return None
    if any(not _is_plain(marker) for marker in item.iter_markers()):
        return None
    parameters = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    wants = tuple(name for name in item.fixturenames if name not in parameters and name != "request")
    return PlainCheck(item.obj, wants, parameters) if {"student", "draw"}.issuperset(wants) else None


def _is_plain(marker: pytest.Mark) -> bool:
    return marker.name == MARK or (marker.name == "parametrize" and not marker.kwargs.get("indirect"))


def variant(name: str) -> Any:
    """The value of a parameter. Raises `CourseError` when the caller's file is in no assignment with variants, or these
    have no such parameter."""
    file = Path(sys._getframe(1).f_code.co_filename)
    lesson, parameters = _parameters(file)
    if name not in parameters:
        known = list(parameters)
        raise CourseError(
            f'{file.name}: variant("{name}"): the variants of {lesson} have no parameter of this name, they have '
            f"{', '.join(known)}.{did_you_mean(name, known)}"
        )
    return parameters[name]


@cache
def _parameters(file: Path) -> tuple[str, dict[str, Any]]:
    """The assignment that a file is of, and the parameters of its first variant."""
    for folder in file.parents:
        if (folder / FILE_NAME).is_file():
            lesson = file.relative_to(folder).parts[1]
            tables = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8-sig"))
            variants = tables.get("assignments", {}).get(lesson, {}).get("variants")
            if variants:
                return lesson, next(iter(variants.values()))
            raise CourseError(f"{file.name} asks for variant(), and {lesson} has no [assignments.{lesson}.variants].")
    raise CourseError(f"{file.name} asks for variant(), and no folder around it has a {FILE_NAME}.")
