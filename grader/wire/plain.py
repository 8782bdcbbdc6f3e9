"""What can cross the wire: plain values, arrays as raw bytes, and recipes for what the worker builds itself.

A value is None, a bool, int, float or str, a list, tuple or dict of values, an `Array` (a tensor or a NumPy array), an
`Opaque` (something that has no plain form: only its type is told), or, from the grader to the worker only, a recipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

# Bytes per element of the dtypes that may cross, by their name in torch and NumPy.
ITEM_SIZES = {
    "bool": 1, "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "float16": 2, "bfloat16": 2, "uint32": 4, "int32": 4,
    "float32": 4, "uint64": 8, "int64": 8, "float64": 8, "complex64": 8, "complex128": 16,
}  # fmt: skip
# How the names of the dtypes begin that can have gradients.
DIFFERENTIABLE = ("float", "bfloat", "complex")


@dataclass(frozen=True, eq=False)
class Array:
    """A tensor or NumPy array as raw bytes: C order, little endian.

    `grad` is the tensor's gradient, if it has one. `leaf` and `device` are what the worker says of it.
    """

    kind: Literal["tensor", "numpy"]
    dtype: str
    shape: tuple[int, ...]
    data: bytes
    requires_grad: bool = False
    grad: Array | None = None
    leaf: bool = True
    device: str = "cpu"


@dataclass(frozen=True)
class Opaque:
    """Something without a plain form. `type_name` is `module.Class`; `text` is a short description of it."""

    type_name: str
    text: str = ""


@dataclass(frozen=True, eq=False)
class Build:
    """Recipe: call what `path` names (a public name in torch, `torch.nn.Linear`) with these arguments.

    `state` replaces the named parameters and buffers of a module afterwards. One recipe object that occurs twice in a
    call is built once: this is how a model and its optimizer share parameters.
    """

    path: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Lookup:
    """Recipe: the object that `path` names (`torch.nn.functional.mse_loss`), not called."""

    path: str


@dataclass(frozen=True, eq=False)
class Parameters:
    """Recipe: the list of parameters of a module that is itself a recipe."""

    module: Build


Value = (
    None | bool | int | float | str | Sequence[Any] | Mapping[str, Any] | Array | Opaque | Build | Lookup | Parameters
)
