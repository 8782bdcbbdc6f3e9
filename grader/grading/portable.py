"""Advice about devices: a function that passed on the CPU, but would mix devices on a GPU. Never about points."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from grader.collect import ModuleSource
from grader.grading.child import ChildEnded
from grader.grading.reach import read_module
from grader.grading.remote import RemoteTransport
from grader.grading.session import Session
from grader.wire.messages import Call, Raised, Reply
from grader.wire.plain import Array, Build, Lookup, Parameters
from grader.worker.pretend import MIXED

# What makes tensors out of something else, or moves them. A function that reaches none of these stays on the device of
# its arguments.
_MAKERS = frozenset(
    {
        "tensor", "as_tensor", "asarray", "from_numpy", "frombuffer", "scalar_tensor", "Parameter", "Tensor",
        "FloatTensor", "DoubleTensor", "LongTensor", "zeros", "ones", "empty", "full", "eye", "arange", "linspace",
        "logspace", "rand", "randn", "randint", "randperm", "normal", "tril_indices", "triu_indices", "meshgrid",
        "one_hot", "nn", "numpy", "np", "cpu", "cuda", "to", "type", "device", "get_device", "set_default_device",
        "getattr", "eval", "exec",
    }
)  # fmt: skip


def device_advice(
    session: Session, transport: RemoteTransport, modules: Mapping[str, ModuleSource], calls: Mapping[str, Call]
) -> dict[str, str]:
    """Repeat calls on pretended cuda tensors, and give the advice for those that show a mistake, by the same names.

    Only calls of functions that could go wrong there: pretending costs as much as all other checks of an exercise.
    Whatever can't be pretended is unknown, and nothing is said. To be called when all else is done: autograd on
    pretended tensors ends the process on a machine without CUDA.
    """
    advice = {}
    left = {
        name: replace(call, pretend=True, then=None)
        for name, call in calls.items()
        if _can_be_pretended(call) and makes_tensors(modules[call.module].text, call.function)
    }
    while left:
        pending = {name: session.send(call) for name, call in left.items()}
        for name, each in pending.items():
            del left[name]
            try:
                advice[name] = _words(session.wait(each).outcome, transport)
            except ChildEnded:
                break  # those behind it are asked again, in a fresh process
    return {name: words for name, words in advice.items() if words}


def makes_tensors(text: str, function: str) -> bool:
    """Whether a function's source, with all that it reaches in its module, could leave the device of its arguments."""
    module = read_module(text)
    for part in module.reached(function):
        for node in ast.walk(part):
            last = (module.path(node) or "").rsplit(".", 1)[-1]
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if not _MAKERS.isdisjoint((last, name)):
                return True
    return False


def _can_be_pretended(call: Call) -> bool:
    tensors = [arg for arg in call.args if isinstance(arg, Array)]
    return bool(tensors) and not any(isinstance(arg, Build | Lookup | Parameters) for arg in call.args)


def _words(outcome: Reply | Raised, transport: RemoteTransport) -> str:
    if isinstance(outcome, Raised):
        if outcome.type_name != MIXED:
            return ""
        where = f" ({transport.line_of(outcome.where[-1])})" if outcome.where else ""
        return f"On a GPU this would mix devices: make new tensors on the device of the arguments{where}."
    if outcome.value == "cpu":
        return "On a GPU this would move its result to the CPU: leave it on the device of the arguments."
    return ""
