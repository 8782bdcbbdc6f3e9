"""Plain values to and from JSON data with buffers, checked strictly on the way in.

Scalars stand for themselves. Everything else is a list whose first item is its tag:

    ["list", ...]  ["tuple", ...]  ["dict", [key, value], ...]  ["opaque", type, text]
    ["tensor" | "numpy", dtype, shape, buffer, requires_grad, grad, leaf, device]
    ["build", n, path, args, kwargs, state]  ["lookup", path]  ["parameters", module]  ["again", n]
"""

from __future__ import annotations

import math
from typing import Any

from grader.wire.frames import MalformedFrame
from grader.wire.plain import DIFFERENTIABLE, ITEM_SIZES, Array, Build, Lookup, Opaque, Parameters, Value

MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_TEXT = 100_000
MAX_DIMENSIONS = 16
# Sizes multiplied, zeros left out: arrays without numbers must have strides, too.
MAX_EXTENT = 1 << 32
# Python's hash of larger whole numbers is their remainder: many that are alike would make a dict slow.
MAX_KEY = 1 << 60


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
        number = self._built[id(recipe)] = len(self._built)
        return ["build", number, recipe.path, args, kwargs, state]


class Decoder:
    """Turns JSON data and buffers back into values. Raises `MalformedFrame` for anything else than what is agreed on.

    `recipes` is true only in the worker: what comes from a learner's process never holds one.
    """

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
        if tag == "opaque" and len(rest) == 2:
            return Opaque(text_of(rest[0]), text_of(rest[1]))
        if self._recipes:
            return self._recipe(tag, rest, depth)
        raise MalformedFrame(f"a value has the unknown tag {tag[:40]!r}")

    def _key(self, pair: Any, depth: int) -> Any:
        if type(pair) is not list or len(pair) != 2:
            raise MalformedFrame("an entry of a dict is not a pair")
        key = self.decode(pair[0], depth + 1)
        if key is not None and type(key) not in (bool, int, float, str):
            raise MalformedFrame("a key of a dict is not a scalar")
        if type(key) is int and abs(key) >= MAX_KEY:
            raise MalformedFrame("a key of a dict is too large")
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
            number, path, args, kwargs, state = rest
            recipe = Build(
                path,
                tuple(self.decode(arg, depth + 1) for arg in args),
                {key: self.decode(item, depth + 1) for key, item in kwargs},
                {key: self.decode(item, depth + 1) for key, item in state},
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
