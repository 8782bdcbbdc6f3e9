"""Values in few words, for a learner to read."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.inert import CUT, inert
from grader.wire.plain import Array, Build, Lookup, Opaque, Parameters
from grader.worker.tensors import array_from_plain, tensor_from_plain

SMALL = 6
LONG = 300
_ARTICLES = {
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "float": "a float",
    "int": "an int",
    "str": "a str",
}


def number(value: float) -> str:
    """A number with six significant digits: `7601.41`, `4.6e+12`, `nan`."""
    return f"{value:.6g}"


def shape(sizes: tuple[int, ...]) -> str:
    """A shape as Python writes it: `(5, 2)`, `(3,)`, `()`."""
    return str(tuple(sizes))


def describe(value: Any) -> str:
    """What a value is: small ones are shown, large ones get their type, shape and dtype."""
    if isinstance(value, Array):
        return _array(value)
    if isinstance(value, torch.Tensor):
        return _numbers("tensor", tuple(value.shape), str(value.dtype).removeprefix("torch."), value.detach().tolist)
    if isinstance(value, np.ndarray):
        return _numbers("array", value.shape, value.dtype.name, value.tolist)
    if isinstance(value, Opaque):
        return inert(
            value.text if value.type_name == "torch.Tensor" else f"a {value.type_name.rsplit('.', 1)[-1]}", 120
        )
    if isinstance(value, Build | Lookup):
        return value.path.rsplit(".", 1)[-1]
    if isinstance(value, Parameters):
        return f"parameters of {describe(value.module)}"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return inert(repr(value[:200]), 120)
    if value is None or isinstance(value, bool | int):
        return inert(repr(value), 40)
    if isinstance(value, list | tuple):
        if len(value) <= SMALL:
            inside = _cut(", ".join(describe(item) for item in value))
            return f"[{inside}]" if isinstance(value, list) else f"({inside})"
        return f"a {type(value).__name__} of {len(value)} items, starting with {describe(value[0])}"
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
    """A call as a learner would write it, with values in few words."""
    return f"{function}({', '.join(describe(arg) for arg in args)})"


def _array(array: Array) -> str:
    if array.kind == "numpy":
        return _numbers("array", array.shape, array.dtype, lambda: array_from_plain(array).tolist())
    where = "" if array.device == "cpu" else f" on {inert(array.device, 20)}"
    return _numbers("tensor", array.shape, array.dtype, lambda: tensor_from_plain(array).tolist()) + where


def _cut(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 1] + CUT


def _numbers(word: str, sizes: tuple[int, ...], dtype: str, numbers: Callable[[], Any]) -> str:
    note = "" if dtype == "float32" else f" ({dtype})"
    # Written out, an array without numbers is as long as its other sizes.
    if math.prod(max(size, 1) for size in sizes) <= SMALL:
        return f"{word}({_nested(numbers())}){note}"
    return f"{word} of shape {shape(sizes)}{note}"


def _nested(values: Any) -> str:
    if isinstance(values, list):
        return f"[{', '.join(map(_nested, values))}]"
    return number(values) if isinstance(values, float) else str(values)
