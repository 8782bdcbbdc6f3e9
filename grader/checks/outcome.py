"""What came of one call, and what a check may expect of it.

Each expectation is a method that raises `CheckFailed` with a finding when it isn't met. `what` names the thing in the
finding's sentence: "w after the step".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NoReturn

import torch

from grader.checks.compare import EXACT, RIGHT, Difference, Tolerance, call_text, describe, difference, which
from grader.checks.marks import CheckFailed
from grader.checks.observed import gradients_in, is_left, printed_lines
from grader.core.records import Finding
from grader.core.sanitize import sanitized
from grader.sandbox.inside.materialize import from_plain
from grader.sandbox.protocol.messages import Call, Reply
from grader.sandbox.protocol.plain import Array, Build


@dataclass(frozen=True)
class Outcome:
    """What came of one call. `answer` waits for the reply and what was printed, and is asked once, when a check first
    looks at either; `where` gives facts for the finding: the place. All that looks at the reply raises `CheckFailed`
    when the call failed. `looked` gathers what the check looks at, by the names of `grader.checks.observed`. `path`
    leads to the part of what was returned that is meant."""

    call: Call
    answer: Callable[[], tuple[Reply, str]]
    where: Callable[[], tuple[tuple[str, str], ...]]
    device: str = "cpu"
    looked: set[str] = field(default_factory=set)
    path: tuple[int | str, ...] = ()

    def settle(self) -> None:
        """Wait until it is over."""
        _ = self._answered

    @property
    def printed(self) -> str:
        """What the call wrote to standard output."""
        self.looked.add("printed")
        return self._answered[1]

    def lines(self, start: str) -> list[str]:
        """The lines that the call wrote to standard output and that begin with `start`."""
        self.looked.add(f"lines:{start}")
        return printed_lines(self._answered[1], start)

    @property
    def value(self) -> Any:
        """What was returned, with tensors and arrays in place of their plain forms."""
        self.looked.add("value")
        return from_plain(self._part("the result")[1])

    def part(self, *path: int | str) -> Outcome:
        """The same call, of whose result one part alone is meant: an item, counted from 0, or what a key names."""
        return replace(self, answer=lambda: self._answered, path=(*self.path, *path))

    @property
    def items(self) -> list[list[Any]]:
        """What an `Iterate` gave: the items of each pass."""
        self.looked.add("items")
        return list(map(list, from_plain(self._reply.items)))

    def after(self, index: int) -> Any:
        """An argument as it is after the call; of a module, a dict of its parameters and buffers, of another object of
        a learner's class one of its attributes; of an `io.BytesIO` its bytes, or None once it is closed. The check
        fails where it asks that for what is not there.

        A tensor or array must still be one, of the same shape and dtype.
        """
        before, after = self.call.args[index], self._state(index)
        if isinstance(before, Array) and not _alike(before, after):
            facts = (("before the call", describe(before)), ("after the call", describe(after)))
            self.fail(f"Argument {index + 1} is no longer what it was: it should keep its shape and dtype.", *facts)
        if isinstance(before, Build) and before.is_learners:
            return _Held(self, from_plain(self._held(after)))
        return from_plain(after)

    def returns(
        self, expected: Any, tolerance: Tolerance = RIGHT, what: str = "the result", *, float64: bool = False
    ) -> None:
        """It returned this: a tensor or array of the same shape, dtype and values, a number, or a list, tuple or dict
        of these.

        With `float64`, a tensor of that dtype is right where one of float32 is expected, too.
        """
        self.looked.add("value")
        what, got = self._part(what)
        self._expect(difference(what, got, expected, tolerance, self.device, float64=float64), got, expected)

    def leaves(self, index: int, expected: torch.Tensor, what: str, tolerance: Tolerance = RIGHT) -> None:
        """The argument at `index` holds these values afterwards."""
        got = self._state(index)
        found = difference(what, got, expected, tolerance, self.device)
        self._expect(_unchanged(found, what, self.call.args[index], got), got, expected, what)

    def leaves_alone(self, *indexes: int) -> None:
        """The arguments at these indexes are just as they were before the call."""
        for index in indexes:
            before, after = self.call.args[index], self._state(index)
            if not _alike(before, after):
                self.fail(f"Argument {index + 1} was changed: it should stay as it was.")
            if after.data != before.data:
                facts = (("before the call", describe(before)), ("after the call", describe(after)))
                self.fail(f"Argument {index + 1} was changed: it should stay as it was.", *facts)

    def gradient(self, index: int, expected: torch.Tensor, what: str, tolerance: Tolerance = RIGHT) -> None:
        """After a `Backward`, the argument at `index` has this gradient."""
        after = self._state(index, "grad")
        got = after.grad if isinstance(after, Array) else None
        if got is None:
            self.fail(f"No gradient reaches {what}: the result doesn't depend on it, as far as PyTorch can tell.")
        found = difference(f"the gradient of {what}", got, expected, tolerance, self.device)
        self._expect(found, got, expected, f"gradient of {what}")

    def resets_gradient(self, index: int, what: str) -> None:
        """The argument at `index` has no gradient afterwards, or one of zeros; a module has none in its parameters."""
        state = self._state(index, "reset")
        is_module = isinstance(self.call.args[index], Build)
        for name, grad in gradients_in(self._held(state) if is_module else state).items():
            if not is_left(grad):
                continue
            if name:
                fact = (f"{name}.grad of {what} after the call", describe(grad))
                self.fail(f"{what[:1].upper()}{what[1:]} has gradients afterwards.", fact)
            self.fail(f"The gradient of {what} is not reset.", (f"{what}.grad after the call", describe(grad)))

    def requires_grad(self, index: int, what: str) -> None:
        """The argument at `index` is still a leaf tensor that requires gradients."""
        after = self._state(index, "leaf")
        if not (isinstance(after, Array) and after.requires_grad and after.leaf):
            self.fail(f"{what} should still be a leaf tensor that requires gradients, but isn't one any more.")

    def holds(self, index: int, shapes: Mapping[str, tuple[int, ...]], what: str = "the model") -> None:
        """The module at `index` has parameters and buffers of exactly these names and shapes."""
        state = self._state(index)
        whose = what[:1].upper() + what[1:]
        if isinstance(state, tuple):
            self.fail(f"{whose} is no torch.nn.Module.", hint="Does its class inherit from nn.Module?")
        held = self._held(state)
        got = {name: each.shape for name, each in held.items() if isinstance(each, Array)}
        facts = (("has", _shapes(got)), ("expected", _shapes(shapes)))
        for name, size in shapes.items():
            if name in held and name not in got:
                self.fail(f"{name} of {what} should be a tensor of numbers, but it is {describe(held[name])}.", *facts)
            if name not in got:
                hint = "" if held else _WHERE_FOUND
                self.fail(f"{whose} has no parameter or buffer {name}.", *facts, hint=hint)
            if got[name] != tuple(size):
                self.fail(f"{name} of {what} should have the shape {tuple(size)}, but it has {got[name]}.", *facts)
        for name in (each for each in held if each not in shapes):
            self.fail(f"{whose} has {sanitized(name, 60)}, which the exercise doesn't ask for.", *facts)

    def trained(self, index: int, expected: dict[str, torch.Tensor], tolerance: Tolerance = RIGHT) -> None:
        """The module at `index` has these parameters afterwards."""
        before, after = self.call.args[index], self._state(index)
        got = self._held(after)
        for name, wanted in expected.items():
            if got.get(name) is None:
                self.fail(f"The model has no parameter or buffer {name} after the call.")
            what, now = f"the model's {name}", got.get(name)
            found = difference(what, now, wanted, tolerance, self.device)
            started = before.state.get(name) if isinstance(before, Build) else None
            self._expect(_unchanged(found, what, started, now), now, wanted, f"{name} after the call")

    def gradients(self, index: int, expected: Mapping[str, torch.Tensor], tolerance: Tolerance = RIGHT) -> None:
        """After a `Backward`, the parameters of the module at `index` have these gradients."""
        got = gradients_in(self._held(self._state(index, "grad")))
        for name, wanted in expected.items():
            what, grad = f"the model's {name}", got.get(name)
            if grad is None:
                self.fail(f"No gradient reaches {what}: the result doesn't depend on it, as far as PyTorch can tell.")
            found = difference(f"the gradient of {what}", grad, wanted, tolerance, self.device)
            self._expect(found, grad, wanted, f"gradient of {name}")

    def equals(self, what: str, got: Any, expected: Any) -> None:
        """Something that the check worked out itself is exactly this."""
        self._expect(difference(what, got, expected, EXACT, self.device), got, expected, "found")

    def fail(self, summary: str, *facts: tuple[str, str], hint: str = "") -> NoReturn:
        """The check fails, for this reason."""
        where = self.where()  # found only now: reading the source costs more than most calls
        called = ("called", call_text(self.call.function, self.call.args))
        # Much of it may be a learner's: what they printed, their keys and devices.
        shown = ((label, sanitized(text, 1000, lines=True)) for label, text in (called, *facts, *where))
        raise CheckFailed(Finding(sanitized(summary, 1000), tuple(shown), hint))

    def _part(self, what: str) -> tuple[str, Any]:
        """What is meant of what was returned, and its name. The check fails where there is no such part."""
        value = self._reply.value
        for key in self.path:
            if isinstance(key, str):
                name, is_there = describe(key), isinstance(value, dict) and key in value
            else:
                name, is_there = f"{which(key)} value", isinstance(value, list | tuple) and 0 <= key < len(value)
            if not is_there:
                lacks = name.replace("the ", "a ", 1) if isinstance(key, int) else name
                self.fail(f"{what[:1].upper()}{what[1:]} should have {lacks}, but it is {describe(value)}.")
            what, value = f"{name} of {what}", value[key]
        return what, value

    def _state(self, index: int, aspect: str = "after") -> Any:
        self.looked.add(f"{aspect}:{index}")
        return self._reply.after[index]

    def _held(self, state: Any) -> dict[str, Any]:
        """What came back of an object: parameters and buffers, or attributes."""
        held = state[0] if isinstance(state, tuple) and len(state) == 1 else state
        if not isinstance(held, dict):
            self.fail(f"What the object holds can't be looked at: it is {describe(held)}.")
        return held

    @property
    def _reply(self) -> Reply:
        return self._answered[0]

    @cached_property
    def _answered(self) -> tuple[Reply, str]:
        return self.answer()

    def _expect(self, found: Difference | None, got: Any, expected: Any, label: str = "returned") -> None:
        if found:
            was, right = (sanitized(describe(value, dtypes=found.in_dtype), 300) for value in (got, expected))
            facts = ((label, was), ("expected", right)) if was != right else ()  # two equal lines would say nothing
            self.fail(found.summary, *facts, *found.facts)


_WHERE_FOUND = (
    "PyTorch finds a layer, or a tensor that is a torch.nn.Parameter, where it is an attribute of its own, and not "
    "within a list."
)


class _Held(dict[str, Any]):
    """What an object holds. Asking for what it does not hold fails the check."""

    def __init__(self, outcome: Outcome, held: Mapping[str, Any]) -> None:
        super().__init__(held)
        self._outcome = outcome

    def __missing__(self, name: str) -> NoReturn:
        self._outcome.fail(f"The object has no {sanitized(str(name), 60)} after the call.", ("has", _names(self)))


def _names(held: Mapping[str, Any]) -> str:
    return ", ".join(sanitized(name, 60) for name in list(held)[:20]) or "nothing"


def _shapes(shapes: Mapping[str, tuple[int, ...]]) -> str:
    listed = [f"{sanitized(name, 60)} {tuple(size)}" for name, size in list(shapes.items())[:20]]
    return ", ".join(listed) or "no parameters and no buffers"


def _unchanged(found: Difference | None, what: str, before: Any, after: Any) -> Difference | None:
    """The same difference, in the words for what is just as it was before the call."""
    if found is None or not _alike(before, after) or after.data != before.data:
        return found
    what = what if what[1:2] in ("", " ") else what[:1].upper() + what[1:]
    return replace(found, summary=f"{what} has not changed.")


def _alike(before: Any, after: Any) -> bool:
    if not isinstance(after, Array) or not isinstance(before, Array):
        return False
    return (after.kind, after.shape, after.dtype) == (before.kind, before.shape, before.dtype)
