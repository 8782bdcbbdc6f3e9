"""Plain values that may cross between the grader and a learner's process, and their strict form as JSON and buffers.

A value is None, a bool, int, float, str or bytes, a list, tuple or dict of values, an `Array` (a tensor or a NumPy
array), an `Opaque` (something that has no plain form: only its type is told), or, from the grader to the worker only, a
recipe.

Scalars stand for themselves. Everything else is a list whose first item is its tag:

    ["list", ...]  ["tuple", ...]  ["dict", [key, value], ...]  ["opaque", type, text]  ["bytes", buffer]
    ["tensor" | "numpy", dtype, shape, buffer, requires_grad, grad, leaf, device]
    ["build", n, path, args, kwargs, state, [[method, args, upstream or nothing], ...], seed]
    ["lookup", path]  ["parameters", module]  ["again", n]
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from grader.sandbox.protocol.frames import MalformedFrame

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


def encode_values(values: Iterable[Any]) -> tuple[list[Any], list[bytes]]:
    """JSON data for values, and the bytes of their arrays. Raises `TypeError` for what has no plain form."""
    encoder = Encoder()
    return [encoder.encode(value) for value in values], encoder.buffers


def decode_values(data: Iterable[Any], buffers: list[bytes], *, recipes: bool = False) -> list[Value]:
    """The values of JSON data that `encode_values` gave. Raises `MalformedFrame`; trusts nothing.

    `recipes` is true only in the worker: what comes from a learner's process never holds one.
    """
    decoder = Decoder(buffers, recipes=recipes)
    return [decoder.decode(each) for each in data]


class Encoder:
    """Turns values into JSON data; gathers the bytes of arrays in `buffers`."""

    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self._built: dict[int, int] = {}

    def encode(self, value: Any) -> Any:
        """JSON data for a value. Raises `TypeError` for what has no plain form."""
        if value is None or type(value) in (bool, int, float, str):
            return value
        if type(value) in (list, tuple):
            return [type(value).__name__, *(self.encode(item) for item in value)]
        if type(value) is dict:
            return ["dict", *([self.encode(key), self.encode(item)] for key, item in value.items())]
        if type(value) is Array:
            return self._array(value)
        if type(value) is bytes:
            self.buffers.append(value)
            return ["bytes", len(self.buffers) - 1]
        if type(value) is Opaque:
            return ["opaque", value.type_name, value.text]
        if type(value) is Lookup:
            return ["lookup", value.path]
        if type(value) is Parameters:
            return ["parameters", self.encode(value.module)]
        if type(value) is Build:
            return self._build(value)
        raise TypeError(f"a {type(value).__name__} can't cross the wire")

    def _array(self, array: Array) -> list[Any]:
        self.buffers.append(array.data)
        number = len(self.buffers) - 1
        grad = None if array.grad is None else self._array(array.grad)
        flags = [array.requires_grad, grad, array.leaf, array.device]
        return [array.kind, array.dtype, list(array.shape), number, *flags]

    def _build(self, recipe: Build) -> list[Any]:
        if id(recipe) in self._built:
            return ["again", self._built[id(recipe)]]
        args = [self.encode(arg) for arg in recipe.args]
        kwargs = [[key, self.encode(item)] for key, item in recipe.kwargs.items()]
        state = [[key, self.encode(item)] for key, item in recipe.state.items()]
        steps = [
            [step.method, [self.encode(arg) for arg in step.args], [self.encode(each) for each in step.upstream]]
            for step in recipe.steps
        ]
        number = self._built[id(recipe)] = len(self._built)
        return ["build", number, recipe.path, args, kwargs, state, steps, recipe.seed]


class Decoder:
    """Turns JSON data and buffers into values. Raises `MalformedFrame` for anything that was not agreed on."""

    def __init__(self, buffers: list[bytes], *, recipes: bool = False) -> None:
        self._buffers = buffers
        self._unused = set(range(len(buffers)))
        self._recipes = recipes
        self._built: dict[int, Build] = {}
        self._nodes = 0

    def decode(self, data: Any, depth: int = 0) -> Value:
        """The value of some JSON data."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise MalformedFrame("a value has too many parts")
        if depth > MAX_DEPTH:
            raise MalformedFrame("a value is nested too deeply")
        if data is None or type(data) in (bool, int, float):
            return data  # type: ignore[no-any-return]
        if type(data) is str:
            return text_of(data)
        if type(data) is not list or not data or type(data[0]) is not str:
            raise MalformedFrame("a value is neither a scalar nor tagged")
        tag, *rest = data
        if tag in ("list", "tuple"):
            items = [self.decode(item, depth + 1) for item in rest]
            return items if tag == "list" else tuple(items)
        if tag == "dict":
            return {self._key(pair, depth): self.decode(pair[1], depth + 1) for pair in rest}
        if tag in ("tensor", "numpy"):
            return self._array(data)
        if tag == "bytes" and len(rest) == 1:
            return self._buffer(rest[0])
        if tag == "opaque" and len(rest) == 2:
            return Opaque(text_of(rest[0]), text_of(rest[1]))
        if self._recipes:
            return self._recipe(tag, rest, depth)
        raise MalformedFrame(f"a value has the unknown tag {tag[:40]!r}")

    def _key(self, pair: Any, depth: int) -> Any:
        if type(pair) is not list or len(pair) != 2:
            raise MalformedFrame("an entry of a dict is not a pair")
        key = self.decode(pair[0], depth + 1)
        if self._recipes:
            return key
        if type(key) is not str or len(key) > MAX_KEY:
            raise MalformedFrame("a key of a dict is no text, or too long")
        return key

    def _array(self, data: Any, *, is_gradient: bool = False) -> Array:
        if type(data) is not list or len(data) != 8 or data[0] not in ("tensor", "numpy"):
            raise MalformedFrame("an array doesn't have its eight parts")
        kind, dtype, shape, number, requires_grad, grad, leaf, device = data
        if type(dtype) is not str or dtype not in ITEM_SIZES or (kind, dtype) == ("numpy", "bfloat16"):
            raise MalformedFrame("an array has an unknown dtype")
        if not _is_shape(shape):
            raise MalformedFrame("an array's shape is not a list of sizes")
        raw = self._buffer(number)
        if math.prod(shape) * ITEM_SIZES[dtype] != len(raw):
            raise MalformedFrame("an array's bytes don't fit its shape and dtype")
        if type(requires_grad) is not bool or type(leaf) is not bool:
            raise MalformedFrame("an array's flags are not true or false")
        if requires_grad and (kind != "tensor" or not dtype.startswith(DIFFERENTIABLE)):
            raise MalformedFrame("an array requires gradients that can't have any")
        if grad is not None and (is_gradient or kind != "tensor"):
            raise MalformedFrame("something has a gradient that can't have one")
        grads = None if grad is None else self._array(grad, is_gradient=True)
        if grads and (grads.kind, grads.dtype, grads.shape) != (kind, dtype, tuple(shape)):
            raise MalformedFrame("a gradient doesn't fit its tensor")
        return Array(kind, dtype, tuple(shape), raw, requires_grad, grads, leaf, text_of(device))

    def _buffer(self, number: Any) -> bytes:
        # Each serves one array: a thousand arrays of the same bytes would fill the memory of whoever unpacks them.
        if type(number) is not int or number not in self._unused:
            raise MalformedFrame("an array refers to a buffer that was not sent for it")
        self._unused.remove(number)
        return self._buffers[number]

    def _recipe(self, tag: str, rest: list[Any], depth: int) -> Value:
        if tag == "lookup":
            return Lookup(rest[0])
        if tag == "parameters":
            module = self.decode(rest[0], depth + 1)
            assert isinstance(module, Build)
            return Parameters(module)
        if tag == "again":
            return self._built[rest[0]]
        if tag == "build":
            number, path, args, kwargs, state, steps, seed = rest
            recipe = Build(
                path,
                tuple(self.decode(arg, depth + 1) for arg in args),
                {key: self.decode(item, depth + 1) for key, item in kwargs},
                {key: self.decode(item, depth + 1) for key, item in state},
                tuple(
                    Step(method, *(tuple(self.decode(each, depth + 1) for each in part) for part in parts))
                    for method, *parts in steps
                ),
                seed,
            )
            self._built[number] = recipe
            return recipe
        raise MalformedFrame(f"a value has the unknown tag {tag[:40]!r}")


def text_of(data: Any) -> str:
    """A string of a sane length, or `MalformedFrame`."""
    if type(data) is not str or len(data) > MAX_TEXT:
        raise MalformedFrame("a text is missing or too long")
    return data


def _is_shape(shape: Any) -> bool:
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS or not all(_is_size(n) for n in shape):
        return False
    return bool(math.prod(max(n, 1) for n in shape) < MAX_EXTENT)


def _is_size(number: Any) -> bool:
    return type(number) is int and 0 <= number < 1 << 32
