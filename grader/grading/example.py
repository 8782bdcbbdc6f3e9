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
from grader.core.sanitize import sanitized
from grader.grading.behaviour import Ask, Compared, is_alike
from grader.grading.relations import Numbers
from grader.sandbox.protocol.messages import Call, Reply
from grader.sandbox.protocol.plain import Array

_TRIES = 6  # of sizes, with each kind of values
_LARGEST = 12  # numbers in one argument
_LONGEST = 250
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


def smallest_example(
    module: str, compared: Compared, names: Sequence[str], learner: Ask, reference: Ask, agreed: Agreed
) -> Example | None:
    """The smallest call like this one in which the learner's function and the reference differ; None when none does
    that can be written in a line, and to which there is but one right result. The function is imported from `module`,
    or there already when that is empty."""
    for call in _smaller(compared.call):
        got, right = learner(call), reference(call)
        if not isinstance(got, Reply) or not isinstance(right, Reply):
            continue
        for aspect in sorted(compared.looked, key=lambda each: (each != "value", each)):
            kind, _, which = aspect.partition(":")
            if kind not in ("value", "after", "grad") or is_alike(got, right, {aspect}):
                continue
            index = int(which) if which else -1
            shown = [sanitized(describe(_part(each, kind, index)), 300) for each in (got, right)]
            line = _line(module, call, kind, index, names)
            if shown[0] != shown[1] and len(line) <= _LONGEST and agreed(call, partial(_part, kind=kind, index=index)):
                return Example(line, *shown)
    return None


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


def _smaller(call: Call) -> Iterator[Call]:
    """Calls with smaller arguments, the smallest first; none when an argument can't be written down."""
    arrays = [arg for arg in call.args if isinstance(arg, Array)]
    if not arrays or not all(_can_be_written(arg) for arg in call.args) or call.then is not None:
        return
    sizes = sorted({size for array in arrays for size in array.shape})
    choices = [range(1, min(size, 3) + 1) for size in sizes]
    ordered = sorted(product(*choices), key=lambda each: (sum(each), each))
    for values in (_whole, _signed, _broken):
        for chosen in ordered[:_TRIES]:
            wanted = dict(zip(sizes, chosen, strict=True))
            args = tuple(_small(arg, wanted, number, values) for number, arg in enumerate(call.args))
            if all(not isinstance(arg, Array) or math.prod(arg.shape) <= _LARGEST for arg in args):
                yield replace(call, args=args)


def _can_be_written(arg: Any) -> bool:
    return type(arg) in (int, float, bool) or (isinstance(arg, Array) and arg.dtype in _TYPES)


def _small(arg: Any, wanted: dict[int, int], number: int, values: Values) -> Any:
    if type(arg) is float:
        return float(f"{arg:.1g}")
    if type(arg) is int:
        return min(arg, 3)
    if not isinstance(arg, Array):
        return arg
    shape = tuple(wanted[size] for size in arg.shape)
    grad = _filled(arg.grad, shape, number + 3, values) if arg.grad is not None else None
    return replace(_filled(arg, shape, number, values), grad=grad)


def _filled(array: Array, shape: tuple[int, ...], number: int, values: Values) -> Array:
    """Small numbers, which differ from argument to argument."""
    held = values((np.arange(math.prod(shape), dtype=np.float64) * (number + 2) + 3 * number) % 7)
    return replace(array, shape=shape, data=held.astype(_TYPES[array.dtype]).tobytes())


def _line(module: str, call: Call, kind: str, index: int, names: Sequence[str]) -> str:
    """The call in one line, with its imports, and the print of what it shows."""
    parts = ["import torch"]
    if any(isinstance(arg, Array) and arg.kind == "numpy" for arg in call.args):
        parts.append("import numpy as np")
    if module:
        parts.append(f"from {module} import {call.function}")
    written = [_written(arg) for arg in call.args]
    for number, arg in enumerate(call.args):
        if isinstance(arg, Array) and (number == index or arg.grad is not None or arg.requires_grad):
            name = names[number] if number < len(names) else f"argument_{number + 1}"
            parts.append(f"{name} = {written[number]}")
            if arg.grad is not None:
                parts.append(f"{name}.grad = {_written(arg.grad)}")
            written[number] = name
    called = f"{call.function}({', '.join(written)})"
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
