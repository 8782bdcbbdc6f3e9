"""What a reference solution does with drawn inputs: what it gives, what it changes, and what gradients reach.

A reference is the author's own code, and is run in this process, as the audit does in its own.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch

from grader.authoring.docstring_inputs import Described, Input
from grader.authoring.drawn_inputs import Case, Drawing, drawing, inputs_of
from grader.checks import Backward, CheckFailed, Draw, Function, Student
from grader.checks.observed import CallRecord, alike, features
from grader.core.assignment import Assignment, Exercise
from grader.core.errors import ReleaseError
from grader.core.labels import joined
from grader.core.sanitize import sanitized
from grader.grading.local_run import LocalTransport, answers
from grader.sandbox.inside.materialize import array_from_plain, tensor_from_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build, Opaque

Gives = Literal["a value", "nothing", "what has no plain form", "other values each time"]
SEEDS = range(3)
SECONDS = 5.0


@dataclass(frozen=True)
class Behaviour:
    """What a reference does. `drawing` has the cases that work, `left_out` the others, each with the reason.

    The lists are of positions of arguments: `changed` hold other values afterwards, `leaves` of these still require
    gradients, `resets` had a gradient and have none or zeros, `untouched` are tensors and arrays that stay as they were
    and `models` modules that do; `gradients` reach these from the result. `is_attached`: the result is part of a graph
    when an argument requires gradients. `largest` are the largest numbers of a result, of arguments and of gradients.
    """

    drawing: Drawing
    gives: Gives
    value: Any
    left_out: tuple[tuple[Case, str], ...]
    changed: tuple[int, ...]
    leaves: tuple[int, ...]
    resets: tuple[int, ...]
    untouched: tuple[int, ...]
    models: tuple[int, ...]
    gradients: tuple[int, ...]
    is_attached: bool
    prints: bool
    largest: tuple[float, float, float]


@dataclass(frozen=True)
class Trial:
    """What came of the inputs: a behaviour, or why there is none; and what the docstring should say besides."""

    behaviour: Behaviour | None
    problem: str = ""
    to_say: tuple[str, ...] = ()


class ReferenceTrial:
    """Tries the reference of one exercise out. Raises `ReleaseError` when it can't be imported."""

    def __init__(self, assignment: Assignment, exercise: Exercise, sources: Mapping[str, str]) -> None:
        self._exercise = exercise
        self._sources = sources
        found = self._answers([Call(exercise.module, exercise.function, ())])
        raised = found[0][0] if found and found[0] else None
        if isinstance(raised, Raised) and raised.stage in ("import", "missing"):
            last = raised.where[-1] if raised.where else None
            line = f", line {last.line}" if last else ""
            raise ReleaseError(
                f"The reference solution can't be used: solutions/{assignment.id}/{exercise.module}.py{line} raises "
                f"{raised.type_name}: {sanitized(raised.message, 200)}. Make it run, then ask again."
            )

    def trial(self, said: Described) -> Trial:
        """Try inputs as they are described; where the reference stops on these, some that the words leave open."""
        first = self._behaviour(drawing(self._exercise.function, said))
        if isinstance(first, Behaviour):
            return Trial(first)
        for inputs, to_say in _readings(said.inputs):
            found = self._behaviour(drawing(self._exercise.function, replace(said, inputs=inputs)))
            if isinstance(found, Behaviour):
                return Trial(found, to_say=to_say)
        return Trial(None, first)

    def _behaviour(self, drawing: Drawing) -> Behaviour | str:
        """What it does; or, in a sentence, why nothing that is drawn works."""
        works: dict[Case, list[_Called]] = {}
        fails: dict[Case, str] = {}
        for seed in SEEDS:
            for case, given in inputs_of(drawing, Draw(seed)):
                called = self._call(given)
                if isinstance(called, str):
                    fails.setdefault(case, called)
                else:
                    works.setdefault(case, []).append(called)
        kept = tuple(case for case in drawing.cases if case not in fails)
        every = [called for case, some in works.items() if case not in fails for called in some]
        if not every or (drawing.names and len(kept) < min(2, len(drawing.cases))):
            return next(iter(fails.values()), "nothing was drawn")
        changed = _positions(every, _is_changed)
        reach = self._gradients(replace(drawing, cases=kept), changed)
        first = every[0]
        plain = [at for at, each in enumerate(first.call.args) if isinstance(each, Array)]
        models = [at for at, one in enumerate(drawing.inputs) if one.kind == "model"]
        args = drawing.inputs
        return Behaviour(
            replace(drawing, cases=kept),
            self._gives(every),
            first.reply.value,
            tuple(fails.items()),
            changed=tuple(changed),
            leaves=tuple(at for at in changed if args[at].requires_grad and all(_is_leaf(c, at) for c in every)),
            resets=tuple(at for at, one in enumerate(args) if one.has_grad and all(_is_reset(c, at) for c in every)),
            untouched=tuple(at for at in plain if at not in changed),
            models=tuple(at for at in models if at not in changed),
            gradients=reach[0],
            is_attached=reach[1],
            prints=any(called.printed for called in every),
            largest=(
                max(_largest(called.reply.value) for called in every),
                max((_largest(called.reply.after[at]) for called in every for at in changed), default=0.0),
                reach[2],
            ),
        )

    def _call(self, given: Sequence[Any]) -> _Called | str:
        """One call; or, in a sentence, what is wrong with it."""
        asked = called(self._exercise, self._sources, given)
        if asked.answer is None:
            return f"it was still running after {SECONDS:g} seconds"
        if isinstance(asked.answer, Raised):
            return sanitized(f"{asked.answer.type_name}: {asked.answer.message}", 300)
        if not _is_finite(asked.answer.value):
            return "the result is not finite"
        return _Called(asked.call, asked.answer, asked.printed)

    def _gives(self, every: Sequence[_Called]) -> Gives:
        if any(_holds_opaque(called.reply.value) for called in every):
            return "what has no plain form"
        if all(called.reply.value is None for called in every):
            return "nothing"
        again = [replace(called.call, seed=called.call.seed + 1) for called in every]
        for called, other in zip(every, self._answers(again), strict=True):
            shows = {"value"}
            if not other or not alike(features(called.reply, "", shows), features(*other, shows)):
                return "other values each time"
        return "a value"

    def _gradients(self, drawing: Drawing, changed: Sequence[int]) -> tuple[tuple[int, ...], bool, float]:
        """The arguments that gradients reach from the result, when those that can require them; whether the result is
        attached to a graph; and the largest number in a gradient."""
        can = [
            at
            for at, one in enumerate(drawing.inputs)
            if one.kind == "tensor" and one.dtype in ("", "float32", "float64") and at not in changed
        ]
        learns = replace(
            drawing, inputs=tuple(replace(e, requires_grad=at in can) for at, e in enumerate(drawing.inputs))
        )
        _, given = inputs_of(learns, Draw(0))[0]
        called = self._call(given) if can or any(each.kind == "model" for each in drawing.inputs) else ""
        if isinstance(called, str) or not isinstance(called.reply.value, Array):
            return (), False, 0.0
        value = called.reply.value
        if not value.requires_grad:
            return (), False, 0.0
        call = replace(called.call, then=Backward(_upstream(value)))
        found = self._answers([call])[0]
        if not found or not isinstance(found[0], Reply):
            return (), True, 0.0
        grads = {at: each.grad for at in can if isinstance(each := found[0].after[at], Array) and each.grad}
        return tuple(grads), True, max((_largest(each) for each in grads.values()), default=0.0)

    def _answers(self, calls: Sequence[Call]) -> list[tuple[Reply | Raised, str] | None]:
        return answers(calls, self._sources, seconds=SECONDS)


def called(exercise: Exercise, sources: Mapping[str, str], given: Sequence[Any]) -> CallRecord:
    """A call of an exercise's function, as a check would make it, with its answer; without one, it came to no end."""
    with LocalTransport(sources, SECONDS) as stage:
        student = Student(stage, {exercise.function: Function(exercise.module)}, ahead=True)
        outcome = getattr(student, exercise.function)(*given)
        with contextlib.suppress(CheckFailed):
            outcome.settle()
        return student.asked[0]


@dataclass(frozen=True)
class _Called:
    call: Call
    reply: Reply
    printed: str


_TRAINED = ("in place", "weight", "bias", "leaf", "parameter", "gradient", "updated", "trained")
_Inputs = tuple[Input, ...]


def _readings(inputs: _Inputs) -> Iterator[tuple[_Inputs, tuple[str, ...]]]:
    """Other readings of what is said of inputs, each with what would have to be said for it."""
    for shaped, of_shape in _shapes(inputs):
        for bounded, of_bound in _bounds(shaped):
            for name_all in (None, False, True):
                leaves = bounded if name_all is None else tuple(_leaf(each, name_all=name_all) for each in bounded)
                pairs = zip(leaves, bounded, strict=True)
                names = joined([each.name for each, before in pairs if each.requires_grad and not before.requires_grad])
                of_leaves = [f'Say of {names}: "leaf tensors that require gradients".'] * bool(names)
                if to_say := (*of_shape, *of_bound, *of_leaves):
                    yield leaves, to_say


def _shapes(inputs: _Inputs) -> Iterator[tuple[_Inputs, list[str]]]:
    yield inputs, []
    free = [each for each in inputs if each.kind in ("tensor", "array") and each.shape is None]
    for shape in (("n",), ("n", "d")) if free else ():
        names = ", ".join(each.name for each in free)
        written = f"({', '.join(shape)}{',' * (len(shape) == 1)})"
        say = f'Say the shape: "{names}: {free[0].kind}{"s" * (len(free) > 1)} {written}".'
        yield tuple(replace(each, shape=shape) if each in free else each for each in inputs), [say]


def _bounds(inputs: _Inputs) -> Iterator[tuple[_Inputs, list[str]]]:
    yield inputs, []
    whole = [each for each in inputs if each.dtype.startswith(("int", "uint")) and each.shape and not each.once]
    sizes = dict.fromkeys(size for each in inputs for size in each.shape or () if size.isidentifier())
    for size in sizes if whole else ():
        if all(each.below == size for each in whole):
            continue
        names = joined([each.name for each in whole])
        say = f'Say how large the numbers in {names} may be: "from 0 to {size} - 1".'
        yield tuple(replace(each, below=size) if each in whole else each for each in inputs), [say]


def _leaf(one: Input, *, name_all: bool) -> Input:
    """The same, requiring gradients, if it is a tensor that may be trained; with `name_all`, any of floats."""
    is_float = one.kind == "tensor" and one.dtype in ("", "float32", "float64")
    short = len(one.name) == 1 and one.name in "wb"
    may = name_all or short or any(word in one.said for word in _TRAINED)
    return replace(one, requires_grad=True) if is_float and may else one


def _positions(every: Sequence[_Called], is_so: Any) -> list[int]:
    return [at for at in range(len(every[0].call.args)) if any(is_so(called, at) for called in every)]


def _is_changed(called: _Called, at: int) -> bool:
    before, after = called.call.args[at], called.reply.after[at]
    if isinstance(before, Build) and isinstance(after, dict):
        return any(isinstance(now := after.get(k), Array) and now.data != v.data for k, v in before.state.items())
    return isinstance(before, Array) and not (isinstance(after, Array) and after.data == before.data)


def _is_leaf(called: _Called, at: int) -> bool:
    after = called.reply.after[at]
    return isinstance(after, Array) and after.requires_grad and after.leaf


def _is_reset(called: _Called, at: int) -> bool:
    after = called.reply.after[at]
    return isinstance(after, Array) and (after.grad is None or _largest(after.grad) == 0)


def parts_of(value: Any) -> Iterator[Any]:
    """What a nested value consists of."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from parts_of(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from parts_of(item)
    else:
        yield value


def _holds_opaque(value: Any) -> bool:
    return any(isinstance(part, Opaque) for part in parts_of(value))


def numbers_of(value: Any) -> list[float]:
    """All the numbers in a plain value."""
    found: list[float] = []
    for part in parts_of(value):
        if isinstance(part, Array) and "complex" not in part.dtype:
            array = (
                tensor_from_plain(part).detach().double().numpy() if part.kind == "tensor" else array_from_plain(part)
            )
            found += [float(each) for each in array.reshape(-1)]
        elif type(part) in (int, float):
            found.append(float(part))
    return found


def _largest(value: Any) -> float:
    return max((abs(each) for each in numbers_of(value)), default=0.0)


def _is_finite(value: Any) -> bool:
    return all(math.isfinite(each) for each in numbers_of(value))


def _upstream(value: Array) -> Array:
    """A gradient to send backward through a value."""
    from grader.sandbox.inside.materialize import tensor_to_plain

    numbers = torch.arange(1, math.prod(value.shape) + 1, dtype=tensor_from_plain(value).dtype)
    plain = tensor_to_plain((1 + numbers % 3).reshape(value.shape) / 2)
    assert isinstance(plain, Array)
    return plain
