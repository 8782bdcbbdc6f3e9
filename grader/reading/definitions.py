"""A function's definition in a module's text: where it is and with which parameters, and what is said of what it does.

Predicates of the bank, functions `is_written(function)`, tell from a definition, as an `ast` node, whether a
misconception or a style is written there. They decide where what a function does leaves several misconceptions.

Whether a function stays with its values, so that it opens no file, starts nothing, and asks nothing of the system, is
told from its source, from the helpers that it reaches, and from what the names in them stand for. What isn't known to
stay with its values doesn't. It keeps edits of a learner's own code harmless, and is no wall against anybody.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import FunctionType, ModuleType
from typing import Any, Protocol, TypeVar

from grader.core.sanitize import sanitized
from grader.reading.completion import within
from grader.reading.name_resolution import ParsedModule, read_module

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


IS_WRITTEN = "is_written"
IsWritten = Callable[[ast.AST], bool]


class Candidate(Protocol):
    """A misconception that does what a learner's function does; the predicate is None where that alone decides."""

    @property
    def is_written(self) -> IsWritten | None:
        """Its predicate."""


C = TypeVar("C", bound=Candidate)


def unique_match(candidates: Iterable[C], node: ast.AST | None) -> C | None:
    """The only one, after those that are written in another way are left out; what names the way comes first."""
    fitting = [each for each in candidates if each.is_written is None or predicate_holds(each.is_written, node)]
    named = [each for each in fitting if each.is_written] or fitting
    return named[0] if len(named) == 1 else None


def predicate_holds(is_written: IsWritten, node: ast.AST | None) -> bool:
    """Whether a predicate holds for a definition. One that can't cope with what was written says no."""
    if node is None:
        return False
    try:
        return bool(is_written(node))
    except Exception:
        return False


def predicate_text(source: str) -> str:
    """The predicate in a file of the bank, with the definitions and imports that it uses and nothing else of the file,
    without docstrings; empty when there is none."""
    module = read_module(source)
    parts = set(module.parts(IS_WRITTEN))
    names = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
    kept = copy.deepcopy(
        [node for node in module.body if not parts.isdisjoint(ast.walk(node)) or not names.isdisjoint(_imported(node))]
    )
    if not any(isinstance(node, ast.FunctionDef) and node.name == IS_WRITTEN for node in kept):
        return ""
    for node in (inner for statement in kept for inner in ast.walk(statement)):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(ast.Module(kept, []))


def predicate_from(text: str, name: str) -> IsWritten:
    """The predicate with this text; tracebacks call it by `name`. It is the course author's code. Raises what it
    raises, and `KeyError` where it isn't one."""
    namespace: dict[str, IsWritten] = {}
    exec(compile(text, name, "exec", dont_inherit=True), namespace)
    return namespace[IS_WRITTEN]


def _imported(node: ast.stmt) -> set[str]:
    """The names that an import gives."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return set()
    return {(alias.asname or alias.name).split(".")[0] for alias in node.names}


_LIBRARIES = frozenset(
    {
        "__future__", "abc", "builtins", "cmath", "collections", "copy", "dataclasses", "decimal", "enum", "fractions",
        "functools", "itertools", "math", "numbers", "numpy", "operator", "random", "statistics", "string", "time",
        "torch", "types", "typing", "warnings",
    }
)  # fmt: skip
_BUILTINS = frozenset(
    {
        "__import__", "breakpoint", "compile", "delattr", "eval", "exec", "exit", "getattr", "globals", "help", "input",
        "locals", "open", "quit", "setattr", "vars",
    }
)  # fmt: skip
# Attributes by which libraries reach files, processes and the system, and those that lead to modules that do.
_ATTRIBUTES = frozenset(
    {
        "DataSource", "Popen", "_C", "builtins", "compile", "cpp_extension", "ctypes", "ctypeslib", "distributed",
        "dump", "dumps", "export", "f2py", "f_globals", "f_locals", "fork", "from_file", "fromfile", "genfromtxt",
        "gi_frame", "hub", "import_module", "importlib", "io", "load", "loads", "loadtxt", "memmap", "multiprocessing",
        "open", "open_memmap", "os", "package", "pathlib", "popen", "profiler", "save", "savefig", "savetxt", "savez",
        "savez_compressed", "serialization", "shutil", "socket", "spawn", "subprocess", "sys", "system", "tb_frame",
        "tempfile", "to_csv", "to_excel", "to_json", "to_pickle", "tofile", "unlink", "write", "write_bytes",
        "write_text", "writelines", "writerow", "writerows",
    }
)  # fmt: skip
_HARMLESS = frozenset({"__init__", "__class__", "__name__", "__len__", "__call__", "__getitem__", "__version__"})
_IMPORTS = ast.Import | ast.ImportFrom
_MOST_FUNCTIONS, _MOST_ITEMS = 30, 1000


def stays_with_values(text: str, function: str, names: Mapping[str, Any]) -> bool:
    """Whether a function in `text`, whose names stand for `names`, reaches nothing but values."""
    return _Look().function(text, function, names)


class _Look:
    """One look. What was looked at already is not looked at again: functions may call each other in a circle."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def function(self, text: str, function: str, names: Mapping[str, Any]) -> bool:
        if (text, function) in self._seen:
            return True
        self._seen.add((text, function))
        if len(self._seen) > _MOST_FUNCTIONS:
            return False
        module = read_module(text)
        parts = list(module.parts(function))
        own = {part.name for part in parts if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
        if function not in own:
            return False
        # What the module imports is judged by what is used of it.
        nodes = (node for node in module.reached(function) if node not in parts or not isinstance(node, _IMPORTS))
        return all(self._node(node, module, own, names) for node in nodes)

    def _node(self, node: ast.AST, module: ParsedModule, own: set[str], names: Mapping[str, Any]) -> bool:
        match node:
            case ast.Import(names=imported):
                return all(_is_library(alias.name) for alias in imported)
            case ast.ImportFrom(module=origin, names=imported, level=level):
                return not level and _is_library(origin or "") and all(map(_is_harmless, (a.name for a in imported)))
            case ast.Attribute(attr=name):
                return _is_harmless(name)
            case ast.Name(id=name, ctx=ast.Load()):
                if {path.removeprefix("builtins.") for path in module.paths(node)} & _BUILTINS:
                    return False
                return name in own or name not in names or self._value(names[name])
        return True

    def _value(self, value: Any) -> bool:
        """Whether what a name stands for is harmless."""
        if isinstance(value, ModuleType):
            return _is_library(value.__name__)
        if callable(value) and not isinstance(value, type):
            value = inspect.unwrap(value)
        if isinstance(value, partial):
            return self._value(value.func)
        if isinstance(value, FunctionType):
            return self._function(value)
        if isinstance(value, list | tuple | set | frozenset | dict):
            items: Iterable[Any] = value.values() if isinstance(value, dict) else value
            return type(value).__module__ == "builtins" and len(value) <= _MOST_ITEMS and all(map(self._value, items))
        if isinstance(value, type) or callable(value):
            name = str(getattr(value, "__name__", ""))
            home = getattr(value, "__module__", None) or type(getattr(value, "__self__", value)).__module__
            return _is_library(str(home)) and _is_harmless(name) and not (home == "builtins" and name in _BUILTINS)
        return _is_library(type(value).__module__)

    def _function(self, function: FunctionType) -> bool:
        names = function.__globals__
        if _is_library(str(names.get("__name__"))):
            return _is_harmless(function.__name__)
        text = "".join(linecache.getlines(function.__code__.co_filename))
        return not function.__closure__ and self.function(text, function.__name__, names)


def _is_library(name: str) -> bool:
    first, *rest = name.split(".")
    return first in _LIBRARIES and _ATTRIBUTES.isdisjoint(rest)


def _is_harmless(name: str) -> bool:
    return name not in _ATTRIBUTES and (not name.startswith("__") or name in _HARMLESS)
