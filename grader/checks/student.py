"""The learner's functions as a check sees them, wherever they run.

A `Student` turns `student.mse(a, b)` into a `Call`, hands it to a transport (in process for the self-check, over the
wire for the hidden run) and gives the `Outcome`. An exception that comes out of the learner's function fails the check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
import torch

from grader.checks.draw import derive
from grader.checks.explain import explain
from grader.checks.failure import CheckFailed
from grader.checks.observed import Asked
from grader.checks.outcome import Outcome
from grader.inert import inert
from grader.records import CheckStatus, Finding
from grader.wire.messages import Backward, Call, Iterate, Place, Raised, Reply, fits
from grader.wire.plain import Build, Parameters
from grader.worker.build import Builder
from grader.worker.tensors import array_to_plain, tensor_to_plain

_SPOILED = "Its arguments can't be made where it runs, though they can elsewhere: it fills the memory or changes torch."


@dataclass(frozen=True)
class Function:
    """A function that checks may call: the module it is in, and the torch functions it must not use."""

    module: str
    watch: tuple[str, ...] = ()


class Transport(Protocol):
    """The way to a learner's functions."""

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Have a call performed. The function that is given waits for what came of it, and tells that and what was
        printed. Either raises `CheckFailed` when the call came to no end."""

    def line_of(self, place: Place) -> str:
        """A place in the learner's code in words, with the line itself: `lesson.py, line 3:  return total`."""

    def definition(self, module: str, function: str) -> Place | None:
        """Where a function is defined, or returns its result, as far as can be told from its source."""


@dataclass
class Student:
    """Gives each of `functions` as an attribute.

    With `ahead`, a call's outcome is awaited when the check first looks at it, so that many calls may be under way, and
    `settle` is to be called at the end of the check. Without, each call is over before the check goes on.

    `seen` gathers the watched names that were used; `asked` every call with its answer, under the name of the check
    that `check` says is running.
    """

    transport: Transport
    functions: Mapping[str, Function]
    seed: int = 0
    device: str = "cpu"
    ahead: bool = False
    seen: dict[str, set[str]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    check: str = ""
    _count: int = 0
    _unsettled: list[Outcome] = field(default_factory=list)

    def __getattr__(self, name: str) -> _Bound:
        functions = self.__dict__.get("functions", {})
        if name not in functions:
            raise AttributeError(f"no exercise asks for a function {name!r}; there are: {', '.join(functions)}")
        return _Bound(self, name, functions[name])

    def perform(self, name: str, function: Function, args: tuple[Any, ...], then: Backward | Iterate | None) -> Outcome:
        """Call a function with tensors, arrays, plain values and recipes; see `grader.checks`."""
        self._count += 1
        memo: dict[int, Any] = {}
        plain = tuple(_plain(arg, memo) for arg in args)
        if isinstance(then, Backward):
            then = replace(then, upstream=_plain(then.upstream, memo))
        call = Call(function.module, name, plain, then, derive(self.seed, self._count), function.watch)
        asked = Asked(self.check, sum(each.check == self.check for each in self.asked), call)
        self.asked.append(asked)
        answer = partial(self._answer, asked, self.transport.send(call))
        outcome = Outcome(call, answer, partial(self._where, function.module, name), self.device, asked.looked)
        self._unsettled.append(outcome)
        if not self.ahead:
            self.settle()
        return outcome

    def settle(self) -> None:
        """Wait for every call that was made. Raises `CheckFailed` for the first that failed."""
        waiting, self._unsettled = self._unsettled, []
        failures = []
        for outcome in waiting:
            try:
                outcome.settle()
            except CheckFailed as failure:
                failures.append(failure)
        if failures:
            raise failures[0]

    def _answer(self, asked: Asked, wait: Callable[[], tuple[Reply | Raised, str]]) -> tuple[Reply, str]:
        call = asked.call
        reply, printed = wait()
        asked.answer, asked.printed = reply, printed
        if isinstance(reply, Raised):
            where = partial(self._where, call.module, call.function)
            # Anybody may claim that our arguments can't be built. On a GPU they may well fail there and not here.
            if reply.stage == "build" and self.device == "cpu" and _can_be_built(call):
                raise CheckFailed(Finding(_SPOILED, (("raised", inert(f"{reply.type_name}: {reply.message}", 400)),)))
            raise explain(reply, call, where, self.transport.line_of)
        if not fits(reply, call):
            raise CheckFailed(Finding("It was stopped. Its answer is none to what was asked."), CheckStatus.CRASHED)
        self.seen.setdefault(call.function, set()).update(set(reply.seen) & set(call.watch))
        return reply, printed

    def _where(self, module: str, function: str) -> str:
        place = self.transport.definition(module, function)
        return self.transport.line_of(place) if place else ""


@dataclass(frozen=True)
class _Bound:
    student: Student
    name: str
    function: Function

    def __call__(self, *args: Any, then: Backward | Iterate | None = None) -> Outcome:
        return self.student.perform(self.name, self.function, args, then)


def real(*values: Any) -> tuple[Any, ...]:
    """Recipes as real objects in this process, for a reference to work on. A recipe that occurs twice is built once."""
    memo: dict[int, Any] = {}
    builder = Builder()
    return tuple(builder.build(_plain(value, memo)) for value in values)


def _can_be_built(call: Call) -> bool:
    builder = Builder()
    try:
        for arg in call.args:
            builder.build(arg)
    except Exception:
        return False
    return True


def _plain(value: Any, memo: dict[int, Any]) -> Any:
    """An argument as it crosses the wire. An object that occurs twice stays one object."""
    if isinstance(value, list | tuple):
        return type(value)(_plain(item, memo) for item in value)
    if isinstance(value, torch.Tensor | np.ndarray | Build | Parameters):
        if id(value) not in memo:
            memo[id(value)] = _converted(value, memo)
        return memo[id(value)]
    return value


def _converted(value: Any, memo: dict[int, Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return tensor_to_plain(value)
    if isinstance(value, np.ndarray):
        return array_to_plain(value)
    if isinstance(value, Parameters):
        return Parameters(_plain(value.module, memo))
    args = tuple(_plain(arg, memo) for arg in value.args)
    kwargs = {key: _plain(item, memo) for key, item in value.kwargs.items()}
    state = {key: _plain(item, memo) for key, item in value.state.items()}
    return Build(value.path, args, kwargs, state)
