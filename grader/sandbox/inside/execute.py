"""Calls one function of a learner, watches what it uses, and tells what came of it in plain values.

Whether a function ignores the device of its arguments shows without a GPU: a forward pass on `FakeTensorMode`'s cuda
tensors names a mixture of devices on any machine. Other things fail there for want of a GPU (reading values, autograd,
which even ends the process): they mean unknown, not wrong.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Any, Protocol

import numpy as np
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.overrides import TorchFunctionMode

from grader.sandbox.inside.materialize import (
    Builder,
    LearnerClasses,
    NotMade,
    array_to_plain,
    is_module,
    module_state,
    tensor_from_plain,
    tensor_to_plain,
)
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.frames import MAX_COUNT, PARSED
from grader.sandbox.protocol.messages import Backward, Call, Iterate, Raised, Reply
from grader.sandbox.protocol.plain import MAX_KEY, MAX_NODES, MAX_TEXT, Array, Build, Opaque, too_large


class Watch(TorchFunctionMode):
    """Notes which of the named torch functions are called while it is active.

    A function is known by the last part of its name, so that `torch.nn.functional.linear`, `torch._C._nn.linear` and
    `torch.ops.aten.linear` are the same: the dispatcher below can't tell a linear layer from a matrix product.
    """

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self._watched = {name.rsplit(".", 1)[-1]: name for name in names}
        self.seen: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = self._watched.get(str(getattr(func, "__name__", "")).split(".", 1)[0])
        if name is not None and name not in self.seen:
            self.seen.append(name)
        return func(*args, **(kwargs or {}))


class TorchSettings:
    """What code has set for the whole of torch: the default dtype, and whether gradients are recorded.

    What a learner's code sets holds for its own calls, and not for the checks that run in the same process.
    """

    def __init__(self) -> None:
        """torch's own: float32, gradients recorded."""
        self._dtype, self._grad = torch.float32, True

    @classmethod
    def current(cls) -> TorchSettings:
        """Those that hold now."""
        settings = cls()
        settings._note()
        return settings

    def apply(self) -> None:
        """They hold from now on."""
        torch.set_default_dtype(self._dtype)
        torch.set_grad_enabled(self._grad)

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """They hold inside; what is changed there is kept here, and what held outside holds again."""
        outside = TorchSettings.current()
        self.apply()
        try:
            yield
        finally:
            self._note()
            outside.apply()

    def _note(self) -> None:
        self._dtype, self._grad = torch.get_default_dtype(), torch.is_grad_enabled()


MAX_DEPTH = 8
# Of one answer, in all that it holds: a little less than the wire takes.
MAX_PARTS, MAX_ARRAYS, MAX_BYTES = MAX_NODES - 100, MAX_COUNT - 100, 32 << 20
_MAX_BITS = 10_000
# torch's classes with their names, from before a learner's code is imported: a class can call itself what it likes.
_OF_TORCH = {
    id(kind): (kind, f"{kind.__module__}.{kind.__qualname__}")
    for home in (torch.nn, torch.optim, torch.utils.data)
    for kind in vars(home).values()
    if isinstance(kind, type)
}


class Functions(Protocol):
    """Where a learner's functions are found: `LearnerModules`, or what else has them."""

    def function(self, module: str, name: str, stop: tuple[type[BaseException], ...]) -> Callable[..., Any] | Raised:
        """The function, or what went wrong."""

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data."""


def perform(call: Call, modules: Functions, device: str, stop: tuple[type[BaseException], ...]) -> Reply | Raised:
    """Build the arguments, call the function, follow up, and describe the outcome.

    Exceptions of the kinds in `stop` that come out of learner code become a `Raised`; others pass through.
    """
    function = modules.function(call.module, call.name, stop)
    if isinstance(function, Raised):
        return function
    watch = Watch(call.watch) if call.watch else None
    try:
        builder = Builder(device, _classes(modules, device, stop, watch))
        args = [builder.build(arg) for arg in call.args]
        seed_everything(call.seed, device)
    except NotMade as error:
        cause = error.__cause__
        return cause.raised if type(cause) is _Missing else modules.raised("call", cause or error)
    except stop as error:
        return modules.raised("build", error)
    stage = "call"
    items: list[list[Any]] = []
    try:
        with watch or nullcontext():
            value = function(*args) if call.method is None else _of_object(args, call.method)
        if isinstance(call.then, Backward):
            stage = "backward"
            upstream = call.then.upstream
            _differentiate(value, tensor_from_plain(upstream, device) if isinstance(upstream, Array) else None)
        if isinstance(call.then, Iterate):
            stage = "iterate"
            if isinstance(value, torch.utils.data.DataLoader):
                value.num_workers = 0  # others would only read ahead, and no process may be started here
            items = [list(islice(iter(value), call.then.limit)) for _ in range(call.then.passes)]
        stage = "encode"
        plainer = _Plainer()
        after = tuple(
            plainer.state(arg, is_learners=isinstance(given, Build) and given.is_learners)
            for arg, given in zip(args, call.args, strict=True)
        )
        return Reply(
            plainer.plain(value),
            after,
            tuple(tuple(plainer.plain(item) for item in each) for each in items),
            tuple(watch.seen) if watch else (),
        )
    except stop as error:
        return modules.raised(stage, error)


class _Missing(Exception):
    """There is no such class."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.message)
        self.raised = raised


def _classes(
    modules: Functions, device: str, stop: tuple[type[BaseException], ...], watch: Watch | None
) -> LearnerClasses:
    """Where the objects are made that a call asks for."""

    def find(module: str, name: str) -> Any:
        found = modules.function(module, name, stop)
        if isinstance(found, Raised):
            raise NotMade from _Missing(found)
        return found

    return LearnerClasses(find, lambda seed: seed_everything(seed, device), watch or nullcontext(), stop)


def _differentiate(value: Any, gradient: torch.Tensor | None) -> None:
    """What `torch.autograd.backward` does. It imports sympy when it is given a gradient, which takes as long as torch
    itself, so a number is differentiated instead that has this gradient, to the last bit."""
    if gradient is not None and type(value) is torch.Tensor and _are_alike(value, gradient):
        with torch.enable_grad():
            value, gradient = (value * gradient).sum(), None
    torch.autograd.backward(value, gradient)


def _are_alike(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype and one.is_floating_point()


def _of_object(args: list[Any], method: str) -> Any:
    """What a method of the first argument gives for the others, or an attribute of it."""
    if not method:
        return None
    found = getattr(args[0], method)
    return found(*args[1:]) if callable(found) else found


def seed_everything(seed: int, device: str) -> None:
    """Set the random numbers that a learner's function may draw, so that a call gives the same result on any run."""
    if device == "cpu":
        torch.default_generator.manual_seed(seed)  # torch.manual_seed spends 0.2 ms on devices that aren't there
    else:
        torch.manual_seed(seed)
    np.random.seed(seed % (1 << 32))
    random.seed(seed)


def to_plain(value: Any) -> Any:
    """The plain form of anything: what has none becomes an `Opaque` with its type's name."""
    return _Plainer().plain(value)


def _name(kind: type) -> str:
    """What a class is called, with its module. What only claims to be a class of torch is in no module."""
    if id(kind) in _OF_TORCH:
        return _OF_TORCH[id(kind)][1]
    module, name = (str.__str__(str(each)) for each in (kind.__module__, kind.__qualname__))  # no texts of its own
    return f"{module}.{name}" if module.partition(".")[0] != "torch" else f"?.{name}"


class _TooLarge(Exception):
    """A value is not looked at; the text says how large it is."""


class _Plainer:
    """Makes the plain values of one answer. What is too large for the answer is told of in its place."""

    def __init__(self) -> None:
        self._left = {"parts": MAX_PARTS, "arrays": MAX_ARRAYS, "bytes": MAX_BYTES}

    def plain(self, value: Any) -> Any:
        """The plain form of a value."""
        before = dict(self._left)
        try:
            return self._plain(value, 0)
        except _TooLarge as error:
            self._left = before
            return too_large(str(error))

    def state(self, arg: Any, *, is_learners: bool = False) -> Any:
        """An argument as it is after the call. Modules give their parameters and buffers, other objects of learners'
        classes a tuple of one, their attributes, a file in memory its bytes, and all others nothing."""
        if is_module(arg):
            return self.plain(module_state(arg))
        if is_learners:
            return (self.plain(dict(getattr(arg, "__dict__", {}))),)
        if type(arg) is io.BytesIO:
            return None if arg.closed else self.plain(io.BytesIO.getvalue(arg))  # not what it has under that name
        if isinstance(arg, torch.Tensor | np.ndarray | list | tuple):
            return self.plain(arg)
        return None

    def _plain(self, value: Any, depth: int) -> Any:
        kind = type(value)
        self._take("parts", 1, f"more than {MAX_PARTS:,} parts")
        if value is None or kind in (bool, int, float, str):
            self._scalar(value)
            return value
        if isinstance(value, torch.Tensor):
            if kind in (torch.Tensor, torch.nn.Parameter) and value.device.type != "meta":
                twice = value.is_leaf and value.grad is not None
                self._array(
                    value.numel() * value.element_size() * (2 if twice else 1),
                    f"a tensor of shape {tuple(value.shape)}",
                )
            return tensor_to_plain(value)
        if isinstance(value, float):  # numpy.float64 is one
            return float.__float__(value)
        if isinstance(value, np.ndarray):
            self._array(value.size * value.itemsize, f"an array of shape {value.shape}")
            return array_to_plain(value)
        if kind is bytes:
            self._array(len(value), f"bytes of length {len(value):,}")
            return value
        if kind in (list, tuple, dict) and depth < MAX_DEPTH:
            if len(value) > self._left["parts"]:
                raise _TooLarge(f"a {kind.__name__} of {len(value):,} items; the limit is {MAX_PARTS:,}")
            if kind is dict:
                return {self._key(key): self._plain(item, depth + 1) for key, item in value.items()}
            return kind(self._plain(item, depth + 1) for item in value)
        bases: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)  # its metaclass may have another
        return Opaque(_name(kind)[:200], " ".join(map(_name, bases[:-1]))[:1000])

    def _scalar(self, value: bool | float | str | None) -> None:
        if isinstance(value, str):
            if len(value) > MAX_TEXT:
                raise _TooLarge(f"a text of {len(value):,} characters; the limit is {MAX_TEXT:,}")
            self._take("bytes", PARSED * len(value), f"more than {MAX_BYTES // PARSED:,} characters in all")
        elif isinstance(value, int) and value.bit_length() > _MAX_BITS:
            raise _TooLarge(f"a whole number of {value.bit_length():,} bits; the limit is {_MAX_BITS:,}")

    def _key(self, key: Any) -> str:
        text = str.__str__(str(key))  # no text of a kind of its own
        if len(text) > MAX_KEY:
            raise _TooLarge(f"a dict with a key of {len(text):,} characters; the limit is {MAX_KEY}")
        self._take("parts", 1, f"more than {MAX_PARTS:,} parts")
        return text

    def _array(self, size: int, what: str) -> None:
        self._take("bytes", size, f"{what}; the limit for all together is {MAX_BYTES:,} bytes")
        self._take("arrays", 1, f"more than {MAX_ARRAYS:,} tensors and arrays")

    def _take(self, of: str, much: int, why: str) -> None:
        self._left[of] -= much
        if self._left[of] < 0:
            raise _TooLarge(why)


MIXED = "FakeTensorDeviceMismatchError"


def pretend(call: Call, modules: LearnerModules, stop: tuple[type[BaseException], ...]) -> Reply | Raised:
    """Run a call on pretended cuda tensors. The reply's value is the device type of what was returned, or None; a
    mixture of devices is a `Raised` whose type is `MIXED`; any other `Raised` means that nothing is known."""
    function = modules.function(call.module, call.name, stop)
    if isinstance(function, Raised):
        return function
    try:
        with torch.no_grad(), FakeTensorMode():
            value = function(*(_pretended(arg) for arg in call.args))
            return Reply(value.device.type if isinstance(value, torch.Tensor) else None)
    except stop as error:
        return modules.raised("call", error)


def _pretended(value: Any) -> Any:
    if not isinstance(value, Array):
        return value
    if value.kind != "tensor":
        raise ValueError("only tensors can be pretended")
    tensor = torch.empty(value.shape, dtype=getattr(torch, value.dtype), device="cuda")
    if value.grad is not None:
        tensor.grad = _pretended(value.grad)
    return tensor
