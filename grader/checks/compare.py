"""Is this what was expected, within a tolerance? If not: what is different, in few words, and where it is worst.

Two right programs differ by rounding alone. In float32 one rounding is a relative 6e-8 (the unit roundoff u); a sum of
a few hundred terms in any order, and the handful of operations of a forward and backward pass, stay below a few
hundred u of the largest number involved (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2:
the error of a sum is at most n·u times the sum of the magnitudes). A single result may therefore differ by 2e-5 of
the largest expected magnitude: 25 times below half precision's roundoff of 5e-4, so that computing in half precision,
TF32, or with a stray weight decay shows. Along a training run the contraction of gradient descent keeps errors from
growing, but each step adds some: k steps may differ by 2e-5 + 2e-6·k, and never by more than 1e-4 for a trajectory
that is compared step by step.

A GPU sums in another order and fuses multiply-adds: its tolerances are twice as wide. float64 computations are
compared at 1e-9.

Type, shape and dtype are compared first and exactly; then the values, within a tolerance. Nothing of a learner's is
called: only plain values are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from grader.core.labels import counted
from grader.core.sanitize import CUT, sanitized
from grader.sandbox.inside.materialize import array_from_plain, tensor_from_plain
from grader.sandbox.protocol.plain import TOO_LARGE, Array, Build, Lookup, Opaque, Parameters

SINGLE, PER_STEP, WIDEST = 2e-5, 2e-6, 1e-4
DOUBLE = 1e-9


@dataclass(frozen=True)
class Tolerance:
    """What a check allows. `steps` is how many updates led to a value; `scale` is the magnitude that errors are
    relative to, when it is larger than the result's own (a difference of large numbers); `relative` overrides the
    whole rule, for convergence and printed numbers."""

    steps: int = 1
    scale: float = 0.0
    relative: float | None = None

    def allowed(self, expected: torch.Tensor, device: str = "cpu") -> float:
        """The largest absolute difference from `expected` that is still right for a result computed on `device`."""
        if not expected.is_floating_point() or not expected.numel():
            return 0.0
        relative = self.relative
        if relative is None:
            single = min(SINGLE + PER_STEP * (self.steps - 1), WIDEST)
            relative = DOUBLE if expected.dtype == torch.float64 else single
            relative *= 1 if device == "cpu" else 2
        # An infinite magnitude would allow everything.
        finite = torch.nan_to_num(expected.detach().abs(), nan=0.0, posinf=0.0)
        return relative * max(float(finite.max()), self.scale)


RIGHT = Tolerance()
EXACT = Tolerance(relative=0.0)

SMALL, LONG = 6, 300  # items that are shown, and characters
_ARTICLES = {"int": "an int", "bytes": "bytes"}


def number(value: float) -> str:
    """A number with six significant digits: `7601.41`, `4.6e+12`, `nan`."""
    return f"{value:.6g}"


def shape(sizes: tuple[int, ...]) -> str:
    """A shape as Python writes it: `(5, 2)`, `(3,)`, `()`."""
    return str(tuple(sizes))


def describe(value: Any, *, dtypes: bool = False) -> str:
    """What a value is: small ones are shown, large ones get their type, shape and dtype: float32 only with `dtypes`."""
    if isinstance(value, Array):
        return _array(value, dtypes)
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return _numbers("tensor", tuple(value.shape), dtype, value.detach().tolist, dtypes)
    if isinstance(value, np.ndarray):
        return _numbers("array", value.shape, value.dtype.name, value.tolist, dtypes)
    if isinstance(value, Opaque):
        in_words = value.type_name in ("torch.Tensor", TOO_LARGE)
        return sanitized(value.text if in_words else f"a {value.type_name.rsplit('.', 1)[-1]}", 120)
    if isinstance(value, Build) and value.is_learners:
        return call_text(value.path.partition(":")[2], value.args)
    if isinstance(value, Build | Lookup):
        return value.path.rsplit(".", 1)[-1]
    if isinstance(value, Parameters):
        return f"parameters of {describe(value.module)}"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return sanitized(repr(value[:200]), 120)
    if isinstance(value, bytes) and len(value) > SMALL:
        return f"bytes of length {len(value)}"
    if value is None or isinstance(value, bool | int | bytes):
        return sanitized(repr(value), 40)
    if isinstance(value, list | tuple):
        if len(value) <= SMALL:
            inside = _cut(", ".join(describe(item, dtypes=dtypes) for item in value))
            return f"[{inside}]" if isinstance(value, list) else f"({inside})"
        return f"a {type(value).__name__} of {len(value)} items, starting with {describe(value[0], dtypes=dtypes)}"
    if isinstance(value, dict) and len(value) <= SMALL:
        items = (f"{describe(key)}: {describe(item, dtypes=dtypes)}" for key, item in value.items())
        return _cut(f"{{{', '.join(items)}}}")
    if isinstance(value, torch.nn.Module | torch.optim.Optimizer | torch.utils.data.DataLoader) or callable(value):
        # Live objects, which only the self-check hands over.
        return str(getattr(value, "__name__", type(value).__name__))
    return kind(value)


def kind(value: Any) -> str:
    """The type of a value with its article: `a tensor`, `None`, `a list`, `a DataLoader`."""
    if value is None:
        return "None"
    if isinstance(value, Array):
        return "a tensor" if value.kind == "tensor" else "a NumPy array"
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, Opaque):
        return describe(value)
    name = type(value).__name__
    return _ARTICLES.get(name, f"a {name}")


def call_text(function: str, args: tuple[Any, ...]) -> str:
    """A call as a learner would write it, with values in few words; of an object, with the calls that came before."""
    name, dot, method = function.partition(".")
    if not dot:
        return f"{name}({', '.join(map(describe, args))})"
    made, steps = describe(args[0]), getattr(args[0], "steps", ())
    before = "".join(f"; it{_asked(step.method, step.args)}" for step in steps)
    return f"it = {made}{before}; it{_asked(method, args[1:])}" if steps else f"{made}{_asked(method, args[1:])}"


def _asked(method: str, given: tuple[Any, ...]) -> str:
    called = "" if method in ("", "__call__") else f".{method}"
    return called + (f"({', '.join(map(describe, given))})" if given else "")


def _array(array: Array, dtypes: bool) -> str:
    if array.kind == "numpy":
        return _numbers("array", array.shape, array.dtype, lambda: array_from_plain(array).tolist(), dtypes)
    where = "" if array.device == "cpu" else f" on {sanitized(array.device, 20)}"
    return _numbers("tensor", array.shape, array.dtype, lambda: tensor_from_plain(array).tolist(), dtypes) + where


def _cut(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 1] + CUT


def _numbers(word: str, sizes: tuple[int, ...], dtype: str, numbers: Callable[[], Any], dtypes: bool) -> str:
    note = "" if dtype == "float32" and not dtypes else f" ({dtype})"
    # Written out, an array without numbers is as long as its other sizes.
    if math.prod(max(size, 1) for size in sizes) <= SMALL:
        return f"{word}({_nested(numbers())}){note}"
    return f"{word} of shape {shape(sizes)}{note}"


def _nested(values: Any) -> str:
    if isinstance(values, list):
        return f"[{', '.join(map(_nested, values))}]"
    return number(values) if isinstance(values, float) else str(values)


_NOT_FINITE = (
    "They come from a division by zero or the like, or from numbers that grow without end, for example in training "
    "with steps that are too large."
)
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Difference:
    """A sentence about `what`, and facts such as the worst index; `in_dtype` where nothing but dtypes differs."""

    summary: str
    facts: Facts = ()
    in_dtype: bool = False


def difference(
    what: str, got: Any, expected: Any, tolerance: Tolerance, device: str = "cpu", *, float64: bool = False
) -> Difference | None:
    """The first thing in which `got` (plain) isn't `expected`: a tensor or array, a number, or a list, tuple or dict of
    these.

    With `float64`, a tensor of that dtype may come where one of float32 is expected.
    """
    if isinstance(got, Opaque) and got.type_name == TOO_LARGE:
        return Difference(f"{_capital(what)} is too large to check: {sanitized(got.text, 200)}.")
    if isinstance(expected, torch.Tensor):
        return _tensor(what, got, expected, tolerance, device, ("float32", "float64") if float64 else ())
    if isinstance(expected, np.ndarray):
        return _numpy(what, got, expected, tolerance)
    if isinstance(expected, float):
        return _number(what, got, expected, tolerance)
    if isinstance(expected, list):
        return _list(what, got, expected, tolerance, device)
    if isinstance(expected, tuple):
        return _parts(what, got, expected, tolerance, device)
    if isinstance(expected, dict):
        return _entries(what, got, expected, tolerance, device)
    if type(got) is not type(expected) or got != expected:
        return Difference(f"{_capital(what)} should be {describe(expected)}, but it is {describe(got)}.")
    return None


def _tensor(
    what: str, got: Any, expected: torch.Tensor, tolerance: Tolerance, device: str, alike: tuple[str, ...] = ()
) -> Difference | None:
    if not isinstance(got, Array) or got.kind != "tensor":
        if got is None:
            return Difference(f"{_capital(what)} should be a tensor, but it is None. Is there a `return`?")
        return Difference(f"{_capital(what)} should be a tensor, but it is {kind(got)}.")
    if got.shape != tuple(expected.shape):
        wanted = shape(tuple(expected.shape))
        return Difference(f"{_capital(what)} should have the shape {wanted}, but it has {shape(got.shape)}.")
    dtype = str(expected.dtype).removeprefix("torch.")
    if got.dtype != dtype and not (dtype in alike and got.dtype in alike):
        return Difference(f"{_capital(what)} should hold {dtype} numbers, but it holds {got.dtype}.", in_dtype=True)
    if got.device != device:
        where = sanitized(got.device, 20)
        return Difference(
            f"{_capital(what)} should be on the device {device} like its arguments, but it is on {where}."
        )
    if not got.data:
        return None
    numbers = torch.frombuffer(bytearray(got.data), dtype=getattr(torch, got.dtype)).reshape(got.shape)
    return _values(what, numbers, expected.detach().cpu(), tolerance.allowed(expected, device))


def _numpy(what: str, got: Any, expected: np.ndarray[Any, Any], tolerance: Tolerance) -> Difference | None:
    if not isinstance(got, Array) or got.kind != "numpy":
        return Difference(f"{_capital(what)} should be a NumPy array, but it is {kind(got)}.")
    if got.shape != expected.shape:
        return Difference(f"{_capital(what)} should have the shape {shape(expected.shape)}, but it has {got.shape}.")
    if got.dtype != (wanted := expected.dtype.name):
        return Difference(f"{_capital(what)} should hold {wanted} numbers, but it holds {got.dtype}.", in_dtype=True)
    found, right = (torch.from_numpy(each.copy()) for each in (array_from_plain(got), expected))
    return _values(what, found, right, tolerance.allowed(right))


def _values(what: str, got: torch.Tensor, expected: torch.Tensor, allowed: float) -> Difference | None:
    if not got.numel():
        return None
    wide = torch.complex128 if got.is_complex() else torch.float64
    far = (got.to(wide) - expected.to(wide)).abs()
    if float(far.max()) <= allowed:  # false for NaN
        return None
    # Equal infinities are no difference; a NaN is always one.
    far = torch.where(got == expected, torch.zeros_like(far), far)
    wrong = ~(far <= allowed)
    if not bool(wrong.any()):
        return None
    if bool((~torch.isfinite(got)).any()) and bool(torch.isfinite(expected).all()):
        summary = f"{_capital(what)} holds numbers that are not finite (inf or nan). {_NOT_FINITE}"
        return Difference(summary, _worst(got, expected, wrong, far))
    count, verb = int(wrong.sum()), "is" if int(wrong.sum()) == 1 else "are"
    few = "" if bool(wrong.all()) or got.numel() == 1 else f" {count} of {got.numel()} numbers {verb} wrong."
    return Difference(f"{_capital(what)} is not what it should be.{few}", _worst(got, expected, wrong, far))


def _worst(got: torch.Tensor, expected: torch.Tensor, wrong: torch.Tensor, far: torch.Tensor) -> Facts:
    if got.numel() <= 1:
        return ()
    ranked = torch.where(wrong, torch.nan_to_num(far, nan=float("inf"), posinf=float("inf")), -torch.ones_like(far))
    flat = int(ranked.reshape(-1).argmax())
    index, rest = [], flat
    for size in reversed(got.shape):
        index.append(rest % size)
        rest //= size
    where = ", ".join(map(str, reversed(index)))
    found, wanted = got.reshape(-1)[flat].item(), expected.reshape(-1)[flat].item()
    return (("furthest off", f"at [{where}]: {_item(found)} instead of {_item(wanted)}"),)


def _item(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _number(what: str, got: Any, expected: float, tolerance: Tolerance) -> Difference | None:
    if isinstance(got, Array):
        return Difference(f"{_capital(what)} should be a plain Python number, but it is {kind(got)}.")
    if type(got) is not float:
        return Difference(f"{_capital(what)} should be a Python float, but it is {kind(got)}.")
    if not math.isfinite(got) and math.isfinite(expected):
        return Difference(f"{_capital(what)} should be {number(expected)}, but it is {number(got)}. {_NOT_FINITE}")
    if got != expected and not abs(got - expected) <= tolerance.allowed(torch.tensor(expected)):
        return Difference(f"{_capital(what)} should be {number(expected)}, but it is {number(got)}.")
    return None


def _list(what: str, got: Any, expected: list[Any], tolerance: Tolerance, device: str) -> Difference | None:
    floats = all(type(item) is float for item in expected)
    wanted = f"a list of {len(expected)} {'floats' if floats else 'items'}"
    if type(got) is not list:
        hint = " Is there a `return`?" if got is None else ""
        return Difference(f"{_capital(what)} should be {wanted}, but it is {kind(got)}.{hint}")
    if len(got) != len(expected):
        return Difference(f"{_capital(what)} should be {wanted}, but it has {counted(len(got), 'item')}.")
    if floats:  # like the numbers of one tensor: relative to the largest of them
        largest = max((abs(item) for item in expected if math.isfinite(item)), default=0.0)
        tolerance = replace(tolerance, scale=max(tolerance.scale, largest))
    for index, (one, right) in enumerate(zip(got, expected, strict=True)):
        found = difference(f"{which(index)} item of {what}", one, right, tolerance, device)
        if found:
            return found
    return None


def _parts(what: str, got: Any, expected: tuple[Any, ...], tolerance: Tolerance, device: str) -> Difference | None:
    if type(got) not in (list, tuple) or len(got) != len(expected):
        found = counted(len(got), "value") if type(got) in (list, tuple) else kind(got)
        return Difference(f"{_capital(what)} should be {len(expected)} values, but it is {found}.")
    for index, (one, wanted) in enumerate(zip(got, expected, strict=True)):
        different = difference(f"{which(index)} value of {what}", one, wanted, tolerance, device)
        if different:
            return different
    return None


def _entries(what: str, got: Any, expected: dict[Any, Any], tolerance: Tolerance, device: str) -> Difference | None:
    if type(got) is not dict:
        return Difference(f"{_capital(what)} should be a dict, but it is {kind(got)}.")
    if got.keys() != expected.keys():
        has, wanted = (", ".join(map(describe, list(each)[:SMALL])) or "none" for each in (got, expected))
        return Difference(f"{_capital(what)} should have the keys {wanted}, but it has {has}.")
    pairs = ((f"{describe(key)} of {what}", got[key], wanted) for key, wanted in expected.items())
    found = (difference(name, one, wanted, tolerance, device) for name, one, wanted in pairs)
    return next((each for each in found if each), None)


def which(index: int) -> str:
    """`the second`, of what stands at index 1: who reads it need not know where counting begins."""
    words = ("first", "second", "third", "fourth", "fifth")
    return f"the {words[index]}" if index < len(words) else f"the {index + 1}th"


def _capital(text: str) -> str:
    """The text as the start of a sentence; a variable's name, such as w, stays as it is."""
    return text if text[1:2] in ("", " ") else text[:1].upper() + text[1:]
