"""The smallest call that shows a fault: few rows and columns, small whole numbers, to be tried at a prompt.

None of it is an input of a hidden check. Sizes that are equal in the call of the check stay equal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from grader.checks.compare import describe
from grader.checks.transport import PARAMETERS
from grader.core.records import ExerciseResult
from grader.core.sanitize import sanitized
from grader.grading.behaviour import Ask, Compared
from grader.grading.further_calls import Series, is_alike
from grader.grading.relations import Numbers
from grader.grading.repair import Failed
from grader.sandbox.protocol.messages import Backward, Call, Iterate, Reply
from grader.sandbox.protocol.plain import Array

_TRIES = 6  # of sizes, with each kind of values
_LARGEST = 12  # numbers in one argument
_LONGEST = 250
_OF_NO_CALL = ("where", "noticed", "look at", "instead", "read", PARAMETERS)
Values = Callable[[Numbers], Numbers]

_TYPES = {"float32": "<f4", "float64": "<f8", "int32": "<i4", "int64": "<i8"}


@dataclass(frozen=True)
class Example:
    """A line to paste, what it shows, and what is right."""

    line: str
    shows: str
    right: str


# Whether all right answers give the same to a call, in the part of a reply that is taken.
Agreed = Callable[[Call, Callable[[Reply], Any]], bool]


def with_example(
    result: ExerciseResult,
    failed: Failed,
    names: Sequence[str],
    series: Series,
    right: Ask,
    agreed: Agreed,
    *,
    is_of_earlier: bool,
) -> ExerciseResult:
    """The same result with the smallest call that shows the fault, in place of the one that was drawn, if that can't be
    tried as it is written. With `is_of_earlier`, it takes another call before it."""
    finding = result.finding
    wrong = failed.first_wrong
    called = next((text for label, text in finding.facts if label == "called"), "") if finding else ""
    can_be_tried = " of shape " not in called and not is_of_earlier
    if finding is None or wrong is None or can_be_tried or "raised" in dict(finding.facts):
        return result
    source = failed.modules.get(failed.exercise.module)
    module = "" if source and source.lines else failed.exercise.module  # in a notebook it is there
    example = smallest_example(module, wrong, names, series, right, agreed, is_of_earlier=is_of_earlier)
    if example is None:
        return result
    shown = (("try", example.line), ("gives", example.shows), ("right is", example.right))
    facts = tuple(fact for fact in finding.facts if fact[0] in _OF_NO_CALL)
    return replace(result, finding=replace(finding, facts=(*shown, *facts)))


def smallest_example(
    module: str,
    compared: Compared,
    names: Sequence[str],
    series: Series,
    reference: Ask,
    agreed: Agreed,
    *,
    is_of_earlier: bool = False,
) -> Example | None:
    """The smallest call like this one in which the learner's function and the reference differ; None when none does
    that can be written in a line, and to which there is but one right result. The function is imported from `module`,
    or there already when that is empty. With `is_of_earlier`, another call like it comes first. Each is tried as a
    reader would, in modules in which nothing was called before."""
    for most in (3, 1):
        for call in _smaller(compared.call, most):
            earlier = _earlier(call) if is_of_earlier else ()
            done, right = series([*earlier, call]), reference(call)
            if done is None or not isinstance(done[0], Reply) or not isinstance(right, Reply):
                continue
            for aspect in sorted(compared.looked, key=lambda each: (each != "value", each)):
                kind, _, which = aspect.partition(":")
                if kind not in ("value", "after", "grad") or is_alike(done[0], right, {aspect}):
                    continue
                index = int(which) if which else -1
                shown = [sanitized(describe(_part(each, kind, index)), 300) for each in (done[0], right)]
                line = _line(module, [*earlier, call], kind, index, names)
                is_short = len(line) <= _LONGEST * (1 + len(earlier))
                if shown[0] != shown[1] and is_short and agreed(call, partial(_part, kind=kind, index=index)):
                    return Example(line, *shown)
        if not any(type(arg) is int for arg in compared.call.args):
            break
    return None


def _earlier(call: Call) -> tuple[Call]:
    """A call of the same form with other numbers, which are as far from these in no two arguments."""
    args = tuple(_other(arg, number) for number, arg in enumerate(call.args))
    return (replace(call, args=args, then=None),)


def _other(arg: Any, number: int) -> Any:
    if not isinstance(arg, Array) or not arg.dtype.startswith("float"):
        return arg
    held = np.frombuffer(arg.data, dtype=_TYPES[arg.dtype])
    return replace(arg, data=(held[::-1] + 1 + number).astype(_TYPES[arg.dtype]).tobytes(), grad=None)


def _part(reply: Reply, kind: str, index: int) -> Any:
    if kind == "value":
        return reply.value
    after = reply.after[index] if index < len(reply.after) else None
    return (after.grad if isinstance(after, Array) else None) if kind == "grad" else after


def _whole(count: Numbers) -> Numbers:
    return count + 1


def _signed(count: Numbers) -> Numbers:
    return count - 3


def _broken(count: Numbers) -> Numbers:
    return (count - 3) * 0.3 + 0.126


def _smaller(call: Call, most: int) -> Iterator[Call]:
    """Calls with smaller arguments, the smallest first, whole numbers `most` at most; none when an argument can't be
    written down."""
    back = [call.then.upstream] if isinstance(call.then, Backward) else []
    arrays = [arg for arg in (*call.args, *back) if isinstance(arg, Array)]
    if not arrays or not all(map(_can_be_written, (*call.args, *back))) or isinstance(call.then, Iterate):
        return
    sizes = sorted({size for array in arrays for size in array.shape})
    choices = [range(1, min(size, 3) + 1) for size in sizes]
    ordered = sorted(product(*choices), key=lambda each: (sum(each), each))
    for values in (_whole, _signed, _broken):
        for chosen in ordered[:_TRIES]:
            wanted = dict(zip(sizes, chosen, strict=True))
            args = tuple(_small(arg, call.args, wanted, most, number, values) for number, arg in enumerate(call.args))
            then = Backward(_small(back[0], (), wanted, most, len(args), values)) if back else None
            if all(not isinstance(arg, Array) or math.prod(arg.shape) <= _LARGEST for arg in args):
                yield replace(call, args=args, then=then)


def _can_be_written(arg: Any) -> bool:
    return type(arg) in (int, float, bool) or (isinstance(arg, Array) and arg.dtype in _TYPES)


def _small(arg: Any, args: Sequence[Any], wanted: dict[int, int], most: int, number: int, values: Values) -> Any:
    if type(arg) is float:
        return float(f"{arg:.1g}")
    if type(arg) is int:
        return min(arg, most)
    if not isinstance(arg, Array):
        return arg
    shape = tuple(wanted[size] for size in arg.shape)
    if arg.dtype.startswith("int") and (places := _places(arg, args, wanted, most)):
        held = np.roll(np.arange(math.prod(shape)), 1) % places
        return replace(arg, shape=shape, data=held.astype(_TYPES[arg.dtype]).tobytes())
    grad = _filled(arg.grad, shape, number + 3, values) if arg.grad is not None else None
    return replace(_filled(arg, shape, number, values), grad=grad)


def _places(array: Array, args: Sequence[Any], wanted: dict[int, int], most: int) -> int:
    """How many places there are in a smaller call, where whole numbers may be places in something, such as labels of
    classes or numbers of rows: they are less than a size, or than a number that is given. 0 where they aren't."""
    held = np.frombuffer(array.data, dtype=_TYPES[array.dtype])
    if not held.size or held.min() < 0 or math.prod(array.shape) != array.shape[0]:
        return 0
    sizes = [wanted[size] for size in wanted if held.max() < size]
    sizes += [min(arg, most) for arg in args if type(arg) is int and held.max() < arg]
    return min(sizes, default=0)


def _filled(array: Array, shape: tuple[int, ...], number: int, values: Values) -> Array:
    """Small numbers, which differ from argument to argument."""
    held = values((np.arange(math.prod(shape), dtype=np.float64) * (number + 2) + 3 * number) % 7)
    return replace(array, shape=shape, data=held.astype(_TYPES[array.dtype]).tobytes())


def _line(module: str, calls: Sequence[Call], kind: str, index: int, names: Sequence[str]) -> str:
    """The calls in one line, with their imports, and the print of what the last one shows."""
    *earlier, call = calls
    parts = ["import torch"]
    if any(isinstance(arg, Array) and arg.kind == "numpy" for arg in call.args):
        parts.append("import numpy as np")
    if module:
        parts.append(f"from {module} import {call.function}")
    parts += [f"{each.function}({', '.join(map(_written, each.args))})" for each in earlier]
    written = [_written(arg) for arg in call.args]
    for number, arg in enumerate(call.args):
        if isinstance(arg, Array) and (number == index or arg.grad is not None or arg.requires_grad):
            name = names[number] if number < len(names) else f"argument_{number + 1}"
            parts.append(f"{name} = {written[number]}")
            if arg.grad is not None:
                parts.append(f"{name}.grad = {_written(arg.grad)}")
            written[number] = name
    called = f"{call.function}({', '.join(written)})"
    if isinstance(call.then, Backward) and kind == "grad":
        called += f".backward({_written(call.then.upstream)})"
    if kind == "value":
        parts.append(f"print({called})")
    else:
        parts += [called, f"print({written[index]}{'.grad' if kind == 'grad' else ''})"]
    return "; ".join(parts)


def _written(arg: Any) -> str:
    if not isinstance(arg, Array):
        return repr(arg)
    held = np.frombuffer(arg.data, dtype=_TYPES[arg.dtype]).reshape(arg.shape)
    numbers = held.astype(np.float64).round(6).tolist() if arg.dtype.startswith("float") else held.tolist()
    if arg.kind == "numpy":
        return f"np.array({numbers}, dtype=np.{arg.dtype})"
    usual = "float32" if arg.dtype.startswith("float") else "int64"
    dtype = "" if arg.dtype == usual else f", dtype=torch.{arg.dtype}"
    return f"torch.tensor({numbers}{dtype}{', requires_grad=True' if arg.requires_grad else ''})"
