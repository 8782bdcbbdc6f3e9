"""Whether two answers to the same call are the same, but for rounding: everything that a check could look at."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from grader.checks import RIGHT
from grader.wire.messages import Raised, Reply
from grader.wire.plain import Array
from grader.worker.tensors import array_from_plain, tensor_from_plain

Answer = tuple[Reply | Raised, str]
# The parts of an answer, and what each is called in a sentence.
PARTS = {
    "returned": "what is returned",
    "arguments": "the arguments afterwards",
    "gradients": "the arguments' gradients afterwards",
    "items": "the items that are gone through",
    "printed": "what is printed",
}


def difference(one: Answer, other: Answer, free: Collection[str] = ()) -> str | None:
    """The first part in which two answers differ; None when they are the same. Parts in `free` are not compared."""
    (first, printed), (second, printed_too) = one, other
    if isinstance(first, Raised) or isinstance(second, Raised):
        return None if first == second else "returned"
    pairs: dict[str, tuple[Any, Any]] = {
        "returned": (first.value, second.value),
        "arguments": (first.after, second.after),
        "gradients": (_gradients(first.after), _gradients(second.after)),
        "items": (first.items, second.items),
        "printed": (printed, printed_too),
    }
    return next((part for part, pair in pairs.items() if part not in free and not _same(*pair)), None)


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, Array):
        facts = ("kind", "dtype", "shape", "requires_grad", "leaf", "device")
        return all(getattr(one, fact) == getattr(other, fact) for fact in facts) and _same_numbers(one, other)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, float):
        near = math.isclose(one, other, rel_tol=2e-5)
        return near or one == other or (math.isnan(one) and math.isnan(other))
    return bool(one == other)


def _same_numbers(one: Array, other: Array) -> bool:
    if one.data == other.data:
        return True
    if one.kind == "numpy":
        return bool((array_from_plain(one) == array_from_plain(other)).all())
    first, second = tensor_from_plain(one).detach(), tensor_from_plain(other).detach()
    allowed = RIGHT.allowed(first)
    return bool((((first - second).abs() <= allowed) | (first == second) | (first.isnan() & second.isnan())).all())


def _gradients(after: Any) -> Any:
    """The gradients within arguments, in order; None for an argument that has none."""
    if isinstance(after, Array):
        return after.grad
    if isinstance(after, list | tuple):
        return [_gradients(each) for each in after]
    if isinstance(after, dict):
        return {key: _gradients(each) for key, each in after.items()}
    return None
