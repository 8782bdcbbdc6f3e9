"""Is this what was expected? If not: what is different, in a sentence, and where it is worst.

Type, shape and dtype are compared first and exactly; then the values, within a tolerance. Nothing of a learner's is
called: only plain values are looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import torch

from grader.checks.describe import describe, kind, number, shape
from grader.checks.tolerance import Tolerance
from grader.inert import inert
from grader.wire.plain import Array
from grader.worker.tensors import tensor_from_plain

_DIVERGES = "numbers grow like that when the steps of a training are too large. Look at the learning rate first."
_NOT_FINITE = f"that are not finite (inf or nan): {_DIVERGES}"
Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Difference:
    """One difference: a sentence about `what`, and facts such as the worst index."""

    summary: str
    facts: Facts = ()


def difference(what: str, got: Any, expected: Any, tolerance: Tolerance, device: str = "cpu") -> Difference | None:
    """The first thing in which `got` (plain) isn't `expected` (a tensor, a number, or a list or tuple of them)."""
    if isinstance(expected, torch.Tensor):
        return _tensor(what, got, expected, tolerance, device)
    if isinstance(expected, float):
        return _number(what, got, expected, tolerance)
    if isinstance(expected, list):
        return _list(what, got, expected, tolerance, device)
    if isinstance(expected, tuple):
        return _parts(what, got, expected, tolerance, device)
    if type(got) is not type(expected) or got != expected:
        return Difference(f"{_capital(what)} should be {describe(expected)}, but it is {describe(got)}.")
    return None


def _tensor(what: str, got: Any, expected: torch.Tensor, tolerance: Tolerance, device: str) -> Difference | None:
    if not isinstance(got, Array) or got.kind != "tensor":
        if got is None:
            return Difference(f"{_capital(what)} should be a tensor, but nothing (None) came. Is there a `return`?")
        return Difference(f"{_capital(what)} should be a tensor, but it is {kind(got)}.")
    if got.shape != tuple(expected.shape):
        wanted = shape(tuple(expected.shape))
        return Difference(f"{_capital(what)} should have the shape {wanted}, but it has {shape(got.shape)}.")
    dtype = str(expected.dtype).removeprefix("torch.")
    if got.dtype != dtype:
        return Difference(f"{_capital(what)} should hold {dtype} numbers, but it holds {got.dtype}.")
    if got.device != device:
        where = inert(got.device, 20)
        return Difference(
            f"{_capital(what)} should be on the device {device} like its arguments, but it is on {where}."
        )
    return _values(what, tensor_from_plain(got).detach(), expected.detach().cpu(), tolerance.allowed(expected, device))


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
        return Difference(f"{_capital(what)} holds numbers {_NOT_FINITE}", _worst(got, expected, wrong, far))
    few = "" if bool(wrong.all()) or got.numel() == 1 else f" {int(wrong.sum())} of {got.numel()} numbers are wrong."
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
        return Difference(f"{_capital(what)} should be {number(expected)}, but it is {number(got)}: {_DIVERGES}")
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
        return Difference(f"{_capital(what)} should be {wanted}, but it has {len(got)} items.")
    if floats:  # like the numbers of one tensor: relative to the largest of them
        largest = max((abs(item) for item in expected if math.isfinite(item)), default=0.0)
        tolerance = replace(tolerance, scale=max(tolerance.scale, largest))
    for index, (one, right) in enumerate(zip(got, expected, strict=True)):
        found = difference(f"item {index} of {what}", one, right, tolerance, device)
        if found:
            return found
    return None


def _parts(what: str, got: Any, expected: tuple[Any, ...], tolerance: Tolerance, device: str) -> Difference | None:
    if type(got) not in (list, tuple) or len(got) != len(expected):
        found = f"{len(got)} values" if type(got) in (list, tuple) else kind(got)
        return Difference(f"{_capital(what)} should be {len(expected)} values, but it is {found}.")
    for index, (one, wanted) in enumerate(zip(got, expected, strict=True)):
        different = difference(f"value {index} of {what}", one, wanted, tolerance, device)
        if different:
            return different
    return None


def _capital(text: str) -> str:
    """The text as the start of a sentence; a variable's name, such as w, stays as it is."""
    return text if text[1:2] in ("", " ") else text[:1].upper() + text[1:]
