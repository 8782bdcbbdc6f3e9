"""Perform one call of a learner's function and tell what came of it, in plain values."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import nullcontext
from itertools import islice
from typing import Any, Protocol

import numpy as np
import torch

from grader.wire.messages import Backward, Call, Iterate, Raised, Reply
from grader.wire.plain import Array, Opaque
from grader.worker.build import Builder
from grader.worker.tensors import array_to_plain, tensor_from_plain, tensor_to_plain
from grader.worker.watch import Watch

MAX_PARTS = 10_000
MAX_DEPTH = 8


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
    function = modules.function(call.module, call.function, stop)
    if isinstance(function, Raised):
        return function
    try:
        builder = Builder(device)
        args = [builder.build(arg) for arg in call.args]
    except Exception as error:
        return modules.raised("build", error)
    seed_everything(call.seed, device)
    watch = Watch(call.watch) if call.watch else None
    stage = "call"
    items: list[list[Any]] = []
    try:
        with watch or nullcontext():
            value = function(*args)
        if isinstance(call.then, Backward):
            stage = "backward"
            upstream = call.then.upstream
            gradient = tensor_from_plain(upstream, device) if isinstance(upstream, Array) else None
            torch.autograd.backward(value, gradient)
        if isinstance(call.then, Iterate):
            stage = "iterate"
            if isinstance(value, torch.utils.data.DataLoader):
                value.num_workers = 0  # others would only read ahead, and no process may be started here
            items = [list(islice(iter(value), call.then.limit)) for _ in range(call.then.passes)]
        stage = "encode"
        return Reply(
            to_plain(value),
            tuple(_state(arg) for arg in args),
            tuple(tuple(to_plain(item) for item in each) for each in items),
            tuple(watch.seen) if watch else (),
        )
    except stop as error:
        return modules.raised(stage, error)


def seed_everything(seed: int, device: str) -> None:
    """Set the random numbers that a learner's function may draw, so that a call gives the same result on any run."""
    if device == "cpu":
        torch.default_generator.manual_seed(seed)  # torch.manual_seed spends 0.2 ms on devices that aren't there
    else:
        torch.manual_seed(seed)
    np.random.seed(seed % (1 << 32))
    random.seed(seed)


def to_plain(value: Any, depth: int = 0) -> Any:
    """The plain form of anything: what has none becomes an `Opaque` with its type's name."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, torch.Tensor):
        return tensor_to_plain(value)
    if isinstance(value, float):  # numpy.float64 is one
        return float.__float__(value)
    if isinstance(value, np.ndarray):
        return array_to_plain(value)
    if type(value) in (list, tuple) and depth < MAX_DEPTH and len(value) <= MAX_PARTS:
        return type(value)(to_plain(item, depth + 1) for item in value)
    if type(value) is dict and depth < MAX_DEPTH and len(value) <= MAX_PARTS:
        return {str(key): to_plain(item, depth + 1) for key, item in value.items()}
    kind = type(value)
    bases = [f"{base.__module__}.{base.__qualname__}" for base in kind.__mro__[:-1]]
    return Opaque(f"{kind.__module__}.{kind.__qualname__}"[:200], " ".join(bases)[:1000])


def _state(arg: Any) -> Any:
    """An argument as it is after the call. Modules give their parameters and buffers; other objects nothing."""
    if isinstance(arg, torch.Tensor | np.ndarray | list | tuple):
        return to_plain(arg)
    if isinstance(arg, torch.nn.Module):
        held = dict(arg.named_parameters()) | dict(arg.named_buffers())
        return {name: tensor_to_plain(tensor) for name, tensor in held.items()}
    return None
