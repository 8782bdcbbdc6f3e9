"""torch's slow first steps, done once before forking; and torch's compiler, loaded only when something asks for it.

The first step of an optimizer imports `torch._dynamo`, and the first gradient that is given imports
`torch.fx.experimental.symbolic_shapes` and sympy with it. Together they take as long as torch itself, and where nothing
is compiled, four functions of them are called that do next to nothing (torch/optim/optimizer.py, torch/_compile.py,
torch/autograd/__init__.py). A stand-in has these four. Whatever else is asked of it makes it the real module: the same
object, so that nobody holds anything else.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.sandbox.inside.execute import perform, pretend, to_plain
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Call

_COMPILER = "torch._dynamo"
_SHAPES = "torch.fx.experimental.symbolic_shapes"
# Parts of torch that use its compiler.
_PARTS = "_dynamo|compile|compiler|export|func|fx|jit|profiler"
_ASKS = re.compile(rf"\btorch\s*\.\s*({_PARTS})\b|\bfrom\s+torch\s+import\b[^\n]*\b({_PARTS})\b|\bfunctorch\b")


def stand_in_for_compiler() -> None:
    """From now on importing torch's compiler loads nothing. No module that is loaded already is touched."""
    for name, functions in ((_COMPILER, (graph_break, disable)), (_SHAPES, (sym_eq, expect_true))):
        parent, _, child = name.rpartition(".")
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None and spec.loader is not None:
            module = _StandIn(spec, functions)
            sys.modules[name] = module
            setattr(importlib.import_module(parent), child, module)
    if isinstance(sys.modules.get(_COMPILER), _StandIn):
        _load_settings()


def load_where_asked_for(texts: Iterable[str]) -> None:
    """Load the compiler now if one of these sources seems to use it, so that no call of theirs has to."""
    module = sys.modules.get(_COMPILER)
    if isinstance(module, _StandIn) and any(map(_ASKS.search, texts)):
        _load(module)


def _load_settings() -> None:
    """The compiler's settings are a small module within it, and pretended tensors import them."""
    module = sys.modules[_COMPILER]
    module.__path__ = _folders(module.__spec__)
    importlib.import_module(f"{_COMPILER}.config")
    del module.__path__


def _folders(spec: ModuleSpec | None) -> list[str]:
    """Where a package's modules lie; nowhere, of a module that is none."""
    return list(spec.submodule_search_locations or ()) if spec else []


class _StandIn(ModuleType):
    """A module that isn't loaded yet, with some of its functions."""

    def __init__(self, spec: ModuleSpec, functions: Sequence[Callable[..., object]]) -> None:
        super().__init__(spec.name)
        self.__spec__ = spec
        self.__loader__ = spec.loader
        self.__file__ = spec.origin
        self.__package__ = spec.parent
        self.__dict__.update((function.__name__, function) for function in functions)

    def __getattr__(self, name: str) -> Any:
        if name == "__path__" and not _folders(self.__dict__["__spec__"]):
            raise AttributeError(name)
        if self.__class__ is _StandIn:
            _load(self)
        return getattr(self, name)

    def __dir__(self) -> Sequence[str]:
        _load(self)
        return dir(self)


def _load(module: ModuleType) -> None:
    """Make it the real module. Raises what the real one raises when it is imported."""
    spec = module.__spec__
    assert spec is not None
    assert spec.loader is not None
    before = dict(module.__dict__)
    module.__class__ = ModuleType
    if _folders(spec):
        module.__path__ = _folders(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        module.__dict__.clear()
        module.__dict__.update(before)
        module.__class__ = _StandIn
        raise
    while _not_disabled:  # they are, once they are called again
        _not_disabled.pop().__dict__.pop("__dynamo_disable", None)


def _real(name: str, function: str) -> Any:
    module = sys.modules[name]
    if isinstance(module, _StandIn):
        _load(module)
    return getattr(module, function)


_not_disabled: list[Callable[..., Any]] = []


def graph_break(msg: str = "") -> None:
    """Says to the compiler where to cut: nothing is compiled."""


def disable(fn: Any = None, recursive: bool = True, **more: Any) -> Any:
    """The function itself, which nothing compiles; for torch's own functions, which ask without `wrapping`."""
    is_torchs = recursive is True and more == {"wrapping": False}
    if callable(fn) and is_torchs and isinstance(sys.modules[_COMPILER], _StandIn):
        _not_disabled.append(fn)
        return fn
    return _real(_COMPILER, "disable")(fn, recursive, **more)


def sym_eq(x: Any, y: Any) -> Any:
    """Whether two shapes are the same, of plain numbers."""
    if all(isinstance(each, tuple) and all(type(size) is int for size in each) for each in (x, y)):
        return tuple(x) == tuple(y)
    return _real(_SHAPES, "sym_eq")(x, y)


def expect_true(a: Any, skip: int = 0) -> Any:
    """What is plainly true or false."""
    return a if type(a) is bool else _real(_SHAPES, "expect_true")(a, skip)


_SOURCE = """
import torch
def usual(x, w):
    print(x)
    w.sub_(0.1 * w)
    w -= 0.1 * w.grad if w.grad is not None else w * 1.0
    w.zero_()
    y = (torch.matmul(x, w.t()) + x @ w.t() + 1 - x) / 2
    return y.square().mean() + (y * y).sum() / y.numel() + torch.mean(torch.pow(y, 2)) + ((x - y) ** 2).mean()
def mixed(x, w):
    return x + torch.zeros(x.shape)
"""


@functools.cache
def warm_up() -> None:
    """All of it, for a zygote: one training step, one call of each kind."""
    torch.set_num_threads(1)
    first_steps()
    modules = LearnerModules({"warm": _SOURCE})
    parameter = torch.ones(2, 2)
    parameter.grad = torch.ones(2, 2)
    arguments = (tensor_to_plain(torch.ones(2, 2)), tensor_to_plain(parameter))
    with contextlib.redirect_stdout(io.StringIO()):
        perform(Call("warm", "usual", arguments, watch=("torch.nn.functional.linear",)), modules, "cpu", (Exception,))
        for name in ("usual", "mixed"):
            pretend(Call("warm", name, arguments, pretend=True), modules, (Exception,))
    modules.forget()
    to_plain([1.0, {"a": None}])


@functools.cache
def first_steps() -> None:
    """One training step with each of the usual optimizers, and one gradient that is given. The first of them would
    import 800 modules of torch's compiler."""
    stand_in_for_compiler()
    model = nn.Linear(3, 2)
    torch.autograd.backward(model(torch.ones(4, 3)), torch.ones(4, 2))
    model.zero_grad()
    loader = DataLoader(TensorDataset(torch.ones(4, 3), torch.ones(4, 2)), 2, shuffle=True)
    for optimizer in (
        torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
        torch.optim.Adam(model.parameters(), lr=0.1),
    ):
        for x, y in loader:
            torch.autograd.backward(nn.functional.mse_loss(model(x), y))
            optimizer.step()
            optimizer.zero_grad()
