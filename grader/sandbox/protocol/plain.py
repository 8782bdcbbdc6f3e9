"""Plain values that may cross between the grader and a learner's process.

A value is None, a bool, int, float, str or bytes, a list, tuple or dict of values, an `Array` (a tensor or a NumPy
array), an `Opaque` (something that has no plain form: only its type is told), or, from the grader to the worker only, a
recipe.
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


TOO_LARGE = "too large"


def too_large(what: str) -> Opaque:
    """What stands for a value that is too large to look at. `what` says how large it is."""
    return Opaque(TOO_LARGE, what)


@dataclass(frozen=True, eq=False)
class Step:
    """A method that is called on what a recipe has made, with these arguments; with `upstream`, a tuple of one, this
    gradient is then sent backward through what it returned."""

    method: str
    args: tuple[Any, ...] = ()
    upstream: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Build:
    """Recipe: call what `path` names with these arguments: a public name in torch (`torch.nn.Linear`), or a class of
    the learner's with its module (`lesson:Net`).

    `state` replaces the named parameters and buffers of a module afterwards, and then `steps` are taken, one after
    another. An object of a learner's class begins with the random numbers of `seed`. One recipe object that occurs
    twice in a call is built once: this is how a model and its optimizer share parameters.
    """

    path: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    seed: int = 0

    @property
    def is_learners(self) -> bool:
        """Whether it makes an object of a learner's class."""
        return ":" in self.path


@dataclass(frozen=True, eq=False)
class Lookup:
    """Recipe: the object that `path` names (`torch.nn.functional.mse_loss`), not called."""

    path: str


@dataclass(frozen=True, eq=False)
class Parameters:
    """Recipe: the list of parameters of a module that is itself a recipe."""

    module: Build


def is_of_learners(value: Any) -> bool:
    """Whether an object of a learner's class takes part in it."""
    if isinstance(value, Parameters):
        return is_of_learners(value.module)
    if isinstance(value, Build):
        parts = (value.args, value.kwargs, value.state, *(step.args for step in value.steps))
        return value.is_learners or any(map(is_of_learners, parts))
    if isinstance(value, dict):
        return any(map(is_of_learners, value.values()))
    return isinstance(value, list | tuple) and any(map(is_of_learners, value))


Value = (
    None
    | bool
    | int
    | float
    | str
    | bytes
    | Sequence[Any]
    | Mapping[str, Any]
    | Array
    | Opaque
    | Build
    | Lookup
    | Parameters
)


MAX_DEPTH = 24
MAX_NODES = 30_000
MAX_TEXT = 100_000
MAX_DIMENSIONS = 16
# Sizes multiplied, zeros left out: arrays without numbers must have strides, too.
MAX_EXTENT = 1 << 32
MAX_KEY = 200  # characters: keys are repeated for every part of what they hold
