"""Where a module defines a name, and with which parameters."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from grader.core.sanitize import sanitized
from grader.reading.completion import within
from grader.reading.name_resolution import read_module

_LONGEST = 160  # of a signature that is shown
_MOST = 50  # parameters that are looked at


@lru_cache(maxsize=16)
def last_definition(text: str, name: str) -> ast.stmt | None:
    """The last top-level definition of a name, blocks included: a function, a class, or an assignment. Of `Net.forward`
    it is the method in that of the class, `forward` standing in for a `__call__` that isn't there; of a method that
    the class hasn't, the class. None where there is none, or the text doesn't parse."""
    name, dot, method = name.partition(".")
    found = _last(read_module(text).body, name)
    if dot and isinstance(found, ast.ClassDef):
        methods = (method, "forward") if method == "__call__" else (method,)
        return next((node for each in methods if each and (node := _last(found.body, each))), found)
    return found


def _last(body: list[ast.stmt], name: str) -> ast.stmt | None:
    found = None
    waiting = body[::-1]
    while waiting:
        node = waiting.pop()
        if name in _bound(node):
            found = node
        waiting += within(node)[::-1]
    return found


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def place_of(text: str, function: str) -> int | None:
    """The line to look at when a function gives a wrong value. None when the text defines no such name."""
    node = last_definition(text, function)
    return line_of_result(node) if node else None


def line_of_result(node: ast.stmt) -> int:
    """The line to look at when a function gave a wrong value: its only `return`, else where it is defined."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        returns = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Return)]
        if len(returns) == 1:
            return returns[0]
    return node.lineno


@dataclass(frozen=True)
class Signature:
    """`names` are the parameters that may be given by position, `required` how many of them must be; `open` says that
    any number more may be given. `line` is where the definition begins."""

    text: str
    names: tuple[str, ...]
    required: int
    open: bool
    line: int

    def takes(self, given: int) -> bool:
        """Whether the function can be called with that many arguments."""
        return self.required <= given and (self.open or given <= len(self.names))


@lru_cache(maxsize=64)
def signature_of(text: str, function: str) -> Signature | None:
    """The signature that a module's text gives a function; None where that can't be told."""
    node = last_definition(text, function)
    is_class = isinstance(node, ast.ClassDef)
    if is_class:
        node = last_definition(text, f"{function}.__init__")
    if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Lambda):
        found = node.value.args
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list:
        found = node.args
    else:
        return None
    every = [*found.posonlyargs, *found.args]
    if len(every) > _MOST or (is_class and not every):
        return None
    every = every[is_class:]
    names = tuple(each.arg for each in every)
    shown = [*names[: len(names) - len(found.defaults)]]
    for name, default in zip(names[len(shown) :], found.defaults, strict=True):
        shown.append(f"{name}={default.value!r}" if isinstance(default, ast.Constant) else f"{name}=...")
    shown += [f"*{found.vararg.arg}"] if found.vararg else []
    required = len(names) - len(found.defaults)
    # An argument that must be given by name can't be given at all.
    must = sum(default is None for default in found.kw_defaults)
    written = sanitized(f"{function}({', '.join(shown)})", _LONGEST)
    return Signature(written, names, required if not must else len(names) + 1, bool(found.vararg), node.lineno)


_ANY_NAME = frozenset({"locals", "vars", "eval", "exec"})


def unused_parameters(text: str, function: str) -> tuple[str, ...]:
    """For each parameter of a function its name, if it is never read, and else nothing. Empty for what is no plain
    function with so many parameters, or may read any name."""
    node = last_definition(text, function)
    if not isinstance(node, ast.FunctionDef) or node.args.vararg or node.args.kwarg or node.args.posonlyargs:
        return ()
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    read = {each.id for each in names if not isinstance(each.ctx, ast.Store)}
    if read & _ANY_NAME or len(node.args.args) > _MOST:
        return ()
    return tuple("" if each.arg in read else each.arg for each in node.args.args)
