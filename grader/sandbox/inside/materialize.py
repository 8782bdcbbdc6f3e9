"""Plain values become real objects: arrays, tensors, and models, optimizers, losses and loaders from recipes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import torch

from grader.sandbox.protocol.plain import ITEM_SIZES, Array, Build, Lookup, Opaque, Parameters, Step, is_of_learners

_DTYPES: dict[str, torch.dtype] = {name: getattr(torch, name) for name in ITEM_SIZES if hasattr(torch, name)}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def tensor_to_plain(tensor: torch.Tensor) -> Array | Opaque:
    """The plain form of a tensor of any device; an `Opaque` that says why for one that has none (sparse, meta, …)."""
    where = tensor.device.type
    if tensor.layout is not torch.strided or where == "meta" or tensor.dtype not in _NAMES:
        return Opaque("torch.Tensor", f"a {tensor.layout} tensor of {tensor.dtype} on {tensor.device}")
    # A Parameter is a tensor like any other; another subclass may answer whatever it likes.
    if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
        name = f"{type(tensor).__module__}.{type(tensor).__name__}"
        return Opaque(name[:200], "a subclass of Tensor")
    grad: Array | Opaque | None = None
    if tensor.is_leaf and tensor.grad is not None:
        grad = tensor_to_plain(tensor.grad.detach())
    return Array(
        kind="tensor",
        dtype=_NAMES[tensor.dtype],
        shape=tuple(tensor.shape),
        data=_raw(tensor.detach()),
        requires_grad=tensor.requires_grad,
        grad=grad if isinstance(grad, Array) else None,
        leaf=tensor.is_leaf,
        device=where,
    )


def _raw(tensor: torch.Tensor) -> bytes:
    dense = tensor.cpu().contiguous().resolve_conj().resolve_neg()
    if dense.dtype is torch.bfloat16:  # NumPy has no such type: the same bits as 16-bit integers
        dense = dense.view(torch.int16)
    return dense.numpy().tobytes()


def array_to_plain(array: np.ndarray[Any, Any]) -> Array | Opaque:
    """The plain form of a NumPy array; an `Opaque` for dtypes that don't cross (objects, strings, dates)."""
    name = array.dtype.name
    if name not in ITEM_SIZES or name == "bfloat16":
        return Opaque("numpy.ndarray", f"an array of {name[:80]}")
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    return Array("numpy", name, tuple(array.shape), np.ascontiguousarray(native).tobytes())


class Handle:
    """Stands for the object that a recipe makes, and may be given in its place."""

    def __init__(self, recipe: Build) -> None:
        self._recipe = recipe


def arguments_to_plain(value: Any, memo: dict[int, Any] | None = None) -> Any:
    """Arguments as they cross the wire: tensors, arrays and recipes in their plain forms, also within lists and tuples.
    An object that occurs twice stays one object."""
    memo = {} if memo is None else memo
    if isinstance(value, list | tuple):
        return type(value)(arguments_to_plain(item, memo) for item in value)
    if isinstance(value, Handle):
        value = value._recipe
    if isinstance(value, torch.Tensor | np.ndarray | Build | Parameters):
        if id(value) not in memo:
            memo[id(value)] = _converted(value, memo)
        return memo[id(value)]
    return value


def _converted(value: Any, memo: dict[int, Any]) -> Any:
    if isinstance(value, torch.Tensor):
        return tensor_to_plain(value)
    if isinstance(value, np.ndarray):
        return array_to_plain(value)
    if isinstance(value, Parameters):
        return Parameters(arguments_to_plain(value.module, memo))
    args = arguments_to_plain(value.args, memo)
    kwargs = {key: arguments_to_plain(item, memo) for key, item in value.kwargs.items()}
    state = {key: arguments_to_plain(item, memo) for key, item in value.state.items()}
    steps = tuple(
        Step(step.method, arguments_to_plain(step.args, memo), arguments_to_plain(step.upstream, memo))
        for step in value.steps
    )
    return Build(value.path, args, kwargs, state, steps, value.seed)


def tensor_from_plain(array: Array, device: str = "cpu") -> torch.Tensor:
    """A new leaf tensor with the values, gradient and `requires_grad` of its plain form."""
    dtype = _DTYPES[array.dtype]
    if array.data:
        # A clone, and so no view: some right code works in place on the gradient in ways that views don't allow.
        tensor = torch.frombuffer(bytearray(array.data), dtype=dtype).reshape(array.shape).clone()
    else:
        tensor = torch.empty(array.shape, dtype=dtype)
    if device != "cpu":
        tensor = tensor.to(device)
    if array.requires_grad:
        tensor.requires_grad_(True)
    if array.grad is not None:
        tensor.grad = tensor_from_plain(array.grad, device)
    return tensor


def array_from_plain(array: Array) -> np.ndarray[Any, Any]:
    """A new, writable, C-contiguous NumPy array with the values of its plain form."""
    return np.frombuffer(bytearray(array.data), dtype=array.dtype).reshape(array.shape)


def from_plain(value: Any) -> Any:
    """A value with tensors and arrays in place of their plain forms, also within lists, tuples and dicts."""
    if isinstance(value, Array):
        return tensor_from_plain(value) if value.kind == "tensor" else array_from_plain(value)
    if isinstance(value, list | tuple):
        return type(value)(from_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: from_plain(item) for key, item in value.items()}
    return value


_MODULE = torch.nn.Module
_order_of = type.__dict__["__mro__"].__get__  # whatever a metaclass says


def is_module(value: Any) -> bool:
    """Whether it is a `torch.nn.Module`. What its class or its metaclass says of that is not asked."""
    return _MODULE in _order_of(type(value))


def module_state(module: Any) -> dict[str, Any]:
    """The parameters and buffers of a module by their names, in the order in which torch names them, each once.

    They are read where torch keeps them: what a learner's module says of itself, or of every module, is not asked.
    """
    return {
        name: value
        for kind in ("_parameters", "_buffers")
        for name, value in _kept_in(module, kind)
        if value is not None
    }


def _kept_in(module: Any, kind: str) -> Iterator[tuple[str, Any]]:
    seen: set[int] = set()
    waiting = [("", module)]
    while waiting:
        prefix, part = waiting.pop()
        if not is_module(part) or id(part) in seen:
            continue
        seen.add(id(part))
        attributes = object.__getattribute__(part, "__dict__")
        for name, value in _items(attributes.get(kind)):
            if id(value) not in seen:
                seen.add(id(value))
                yield f"{prefix}{name}", value
        waiting += reversed([(f"{prefix}{name}.", each) for name, each in _items(attributes.get("_modules"))])


def _items(kept: Any) -> list[tuple[Any, Any]]:
    return list(dict.items(kept)) if dict in _order_of(type(kept)) else []


class Unlike(Exception):
    """A learner's module lacks a parameter or buffer that it should have, or has it in another shape."""


class NotMade(Exception):
    """A learner's class could not be found, or its code raised an exception, which is the cause."""


@dataclass(frozen=True)
class LearnerClasses:
    """The classes of a learner. `find` gives one by its module and name, or raises `NotMade`; `begin` is called with a
    recipe's seed before any code of theirs is run, which happens within `watch`; exceptions of the kinds in `stop` that
    come out of it become `NotMade`."""

    find: Callable[[str, str], Any]
    begin: Callable[[int], None]
    watch: AbstractContextManager[object]
    stop: tuple[type[BaseException], ...]


class Builder:
    """Builds the arguments of one call on one device. The same recipe object gives the same real object. Objects of
    learners' classes can only be made where `classes` are given."""

    def __init__(self, device: str = "cpu", classes: LearnerClasses | None = None) -> None:
        self.device = device
        self._classes = classes
        self._built: dict[int, Any] = {}

    def build(self, value: Any) -> Any:
        """The real object for a plain value or recipe. Anything else is passed through as it is."""
        if type(value) is Array:
            # One Array object is one tensor, even when it occurs twice in a call.
            if id(value) not in self._built:
                self._built[id(value)] = (
                    array_from_plain(value) if value.kind == "numpy" else tensor_from_plain(value, self.device)
                )
            return self._built[id(value)]
        if type(value) in (list, tuple):
            return type(value)(self.build(item) for item in value)
        if type(value) is dict:
            return {key: self.build(item) for key, item in value.items()}
        if type(value) is Lookup:
            return _named(value.path)
        if type(value) is Parameters:
            return self._with_learners(value, lambda: list(self.build(value.module).parameters()))
        if type(value) is Build:
            if id(value) not in self._built:
                self._built[id(value)] = self._make(value)
            return self._built[id(value)]
        return value

    def _make(self, recipe: Build) -> Any:
        args = [self.build(arg) for arg in recipe.args]
        kwargs = {key: self.build(item) for key, item in recipe.kwargs.items()}
        if recipe.is_learners:
            return self._learners(recipe, args, kwargs)
        of_torch = _named(recipe.path)
        made = self._with_learners(recipe, lambda: of_torch(*args, **kwargs))
        self._load(made, recipe)
        return made

    def _with_learners(self, recipe: Build | Parameters, make: Callable[[], Any]) -> Any:
        """What `make` gives. Where an object of a learner's class takes part in it, its failure is the learner's."""
        if self._classes is None or not is_of_learners(recipe):
            return make()
        try:
            return make()
        except NotMade:
            raise
        except self._classes.stop as error:
            raise NotMade from error

    def _load(self, made: Any, recipe: Build) -> None:
        if is_module(made):
            made.to(self.device)
            held = module_state(made)
            with torch.no_grad():
                for name, value in recipe.state.items():
                    loaded = self.build(value)
                    if name not in held:
                        raise Unlike(f"There is no parameter or buffer {name}")
                    if held[name].shape != loaded.shape:
                        shapes = f"{tuple(held[name].shape)}, where it should have {tuple(loaded.shape)}"
                        raise Unlike(f"{name} has the shape {shapes}")
                    held[name].copy_(loaded)
        elif recipe.state:
            raise Unlike("It is no torch.nn.Module")

    def _learners(self, recipe: Build, args: list[Any], kwargs: dict[str, Any]) -> Any:
        classes = self._classes
        if classes is None:
            raise ValueError(f"{recipe.path!r} is a learner's, and there is none here")
        kind = classes.find(*recipe.path.split(":"))
        steps = [
            (step.method, [self.build(arg) for arg in step.args], [self.build(each) for each in step.upstream])
            for step in recipe.steps
        ]
        classes.begin(recipe.seed)
        try:
            with classes.watch:
                made = kind(*args, **kwargs)
                self._load(made, recipe)
                for method, given, upstream in steps:
                    value = getattr(made, method)(*given)
                    if upstream:
                        torch.autograd.backward(value, *upstream)
                return made
        except classes.stop as error:
            raise NotMade from error


def _named(path: str) -> Any:
    """The object with this dotted public name in torch. Raises `ValueError` for any other name."""
    root, *names = path.split(".")
    if root != "torch" or not names or any(name.startswith("_") for name in names):
        raise ValueError(f"{path!r} is no public name in torch")
    return reduce(getattr, names, torch)
