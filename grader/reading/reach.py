"""Whether a function stays with its values: it opens no file, starts nothing, and asks nothing of the system.

That is told from its source, from the helpers that it reaches, and from what the names in them stand for. What isn't
known to stay with its values doesn't. It keeps edits of a learner's own code harmless, and is no wall against anybody.
"""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Iterable, Mapping
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from grader.reading.name_resolution import ParsedModule, read_module

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
