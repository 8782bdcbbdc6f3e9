"""How an exercise is written, as plain data: its definition, parameters, syntax tree and forbidden names.

A syntax tree crosses as JSON:

    [class name, line, column, {field: value}]   a node; a value is a node, a list of values, or a constant
    ["", kind, text]                             a constant that is no JSON: bytes, complex, a large int, an Ellipsis
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.core.assignment import Exercise
from grader.reading.completion import written
from grader.reading.definitions import Signature, last_definition, line_of_result, signature_of, unused_parameters
from grader.reading.module_text import ModuleSource
from grader.reading.name_resolution import ForbiddenUse, forbidden_uses, read_module

# More than any function that a person writes; what goes through the tree afterwards may take the square of it.
MOST_NODES = 3000
_DEEPEST = 100
_MOST_BYTES = 300_000
_LONGEST_TREE = 2000  # of a constant
_SMALL = 1 << 60
_MOST_METHODS = 100
_CLASSES = {name: each for name, each in vars(ast).items() if isinstance(each, type) and issubclass(each, ast.AST)}


def tree_to_json(node: ast.AST) -> bytes | None:
    """A node with all below it; None when that is too large or too deep to be looked at."""
    left = iter(range(MOST_NODES))
    try:
        text = json.dumps(_plain(node, 0, left)).encode()
    except (OverflowError, ValueError):
        return None
    return text if len(text) <= _MOST_BYTES else None


def tree_from_json(text: bytes | None) -> ast.AST | None:
    """The node that was meant; None where there is none, and for anything that is no syntax tree."""
    if text is None or len(text) > _MOST_BYTES:
        return None
    try:
        node = _Builder().build(json.loads(text), 0)
    except (ValueError, RecursionError):
        return None
    return node if isinstance(node, ast.AST) else None


def _plain(value: Any, depth: int, left: Iterator[int]) -> Any:
    """Of at most so many nodes as are `left`. Raises `OverflowError`."""
    if depth > _DEEPEST:
        raise OverflowError
    if isinstance(value, ast.AST):
        if next(left, None) is None:
            raise OverflowError
        fields = {name: _plain(item, depth + 1, left) for name, item in ast.iter_fields(value)}
        return [type(value).__name__, getattr(value, "lineno", 0), getattr(value, "col_offset", 0), fields]
    if isinstance(value, list):
        return [None, *(_plain(item, depth + 1, left) for item in value)]
    if value is None or type(value) in (bool, float) or (type(value) is int and abs(value) < _SMALL):
        return value
    if type(value) is str:
        return value[:_LONGEST_TREE].encode("utf-8", "replace").decode()
    kind = type(value).__name__
    text = value[:_LONGEST_TREE].decode("latin-1") if type(value) is bytes else "" if type(value) is int else str(value)
    return ["", kind, text]


class _Builder:
    def __init__(self) -> None:
        self._nodes = 0

    def build(self, data: Any, depth: int) -> Any:
        self._nodes += 1
        if depth > _DEEPEST or self._nodes > 20 * MOST_NODES:
            raise ValueError("a syntax tree is too large")
        if data is None or type(data) in (bool, int, float, str):
            return data
        if type(data) is not list or not data:
            raise ValueError("no part of a syntax tree")
        if data[0] is None:
            return [self.build(item, depth + 1) for item in data[1:]]
        if data[0] == "" and len(data) == 3:
            return _constant(*data[1:])
        if len(data) != 4 or type(data[0]) is not str or data[0] not in _CLASSES or type(data[3]) is not dict:
            raise ValueError("no node of a syntax tree")
        kind = _CLASSES[data[0]]
        if not set(data[3]) <= set(kind._fields) or type(data[1]) is not int or type(data[2]) is not int:
            raise ValueError("a node of a syntax tree has other fields")
        node = kind(**{name: self.build(item, depth + 1) for name, item in data[3].items()})
        if data[1]:
            node.lineno, node.col_offset = data[1], data[2]  # type: ignore[attr-defined]
        return node


def _constant(kind: Any, text: Any) -> Any:
    if type(text) is not str:
        raise ValueError("no constant")
    if kind == "bytes":
        return text.encode("latin-1")
    if kind == "complex":
        return complex(text)
    if kind == "int":
        return _SMALL
    if kind == "ellipsis":
        return ...
    raise ValueError("no constant")


def definition_tree(text: str, name: str) -> ast.AST | None:
    """That definition as it is after it crossed: cut, without what isn't agreed on, and None when it is too large."""
    node = last_definition(text, name)
    return tree_from_json(tree_to_json(node)) if node else None


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


@dataclass(frozen=True)
class SourceFacts:
    """How one exercise is written. Lines are those of the module's text, from 1; None where there is no definition.

    `line` is where to look when it gives a wrong value: its only `return`, else where it is defined. `first` and `last`
    are the lines of its last top-level definition, with its decorators. `tree` is that definition as
    JSON (`grader.reading.source_facts`), None when it is too large. `uses` are forbidden functions that it uses, and
    `makes_tensors` tells whether it could leave the device of its arguments. `unused` has for each parameter its name
    where it is never read, else nothing. `prints` is the line of its only `print`. `written` is the same for functions
    that are written alike; empty where that isn't known. `methods` has for each method of a class where to look.
    """

    module: str = ""
    function: str = ""
    line: int | None = None
    first: int | None = None
    last: int | None = None
    tree: bytes | None = None
    uses: tuple[ForbiddenUse, ...] = ()
    makes_tensors: bool = False
    is_written: bool = True
    signature: Signature | None = None
    unused: tuple[str, ...] = ()
    prints: int | None = None
    written: str = ""
    methods: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, method: str | None) -> int | None:
        """Where to look when a method gives a wrong value, or the function itself. `forward` stands in for `__call__`;
        for a method that isn't there, the class does."""
        forward = self.methods.get("forward") if method == "__call__" else None
        return self.methods.get(method or "", forward or self.line)


def facts_of(source: ModuleSource, function: str, forbidden: Sequence[str], is_written: bool) -> SourceFacts:
    """What is known of a function in a module. Nothing of it is run."""
    node = last_definition(source.text, function)
    return SourceFacts(
        source.name,
        function,
        line_of_result(node) if node else None,
        min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))]) if node else None,
        node.end_lineno if node else None,
        tree_to_json(node) if node else None,
        tuple(forbidden_uses(source.text, function, forbidden)) if forbidden else (),
        makes_tensors(source.text, function),
        is_written,
        signature_of(source.text, function),
        unused_parameters(source.text, function),
        _line_of_print(node) if node else None,
        written_as(node) if node else "",
        _lines_of_methods(node) if isinstance(node, ast.ClassDef) else {},
    )


def _lines_of_methods(node: ast.ClassDef) -> dict[str, int]:
    """Where to look in each method when it gives a wrong value; the last of a name counts."""
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {each.name: line_of_result(each) for each in methods[-_MOST_METHODS:]}


def written_as(definition: ast.AST) -> str:
    """A digest that is the same for definitions that differ in comments, layout, docstring, annotations and the names
    that they give; empty for one that is too large."""
    named: dict[str, int] = {}
    try:
        parts = list(_writing(definition, named, 0, iter(range(MOST_NODES))))
    except (OverflowError, ValueError):  # it is too large, or an integer in it is
        return ""
    told = (f"\0{named[part[1:]]}" if part.startswith("\0") and part[1:] in named else part for part in parts)
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


_NO_PART_OF_IT = {"annotation", "returns", "type_comment", "type_params", "kind", "ctx"}
_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _writing(value: Any, named: dict[str, int], depth: int, left: Iterator[int]) -> Iterator[str]:
    """A node part by part; names have a sign before them, and those that are given here are numbered in `named`."""
    if depth > _DEEPEST or next(left, None) is None:
        raise OverflowError
    if isinstance(value, list):
        yield f"{len(value)} of"
        for item in value:
            yield from _writing(item, named, depth + 1, left)
    elif isinstance(value, ast.Name):
        if not isinstance(value.ctx, ast.Load):
            named.setdefault(value.id, len(named))
        yield f"\0{value.id}"
    elif isinstance(value, ast.arg):
        named.setdefault(value.arg, len(named))
        yield f"\0{value.arg}"
    elif isinstance(value, ast.AST):
        yield type(value).__name__
        for name, item in ast.iter_fields(value):
            if name in _NO_PART_OF_IT:
                continue
            if name == "body" and isinstance(value, _DOCUMENTED) and ast.get_docstring(value, clean=False) is not None:
                item = item[1:]
            yield from _writing(item, named, depth + 1, left)
    else:
        yield f"{type(value).__name__} {value!r:.{_LONGEST_TREE}}"


def _line_of_print(node: ast.AST) -> int | None:
    """The line of the only call of `print`."""
    calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    lines = [call.lineno for call in calls if getattr(call.func, "id", "") == "print"]
    return lines[0] if len(lines) == 1 else None


def makes_tensors(text: str, function: str) -> bool:
    """Whether a function's source, with all that it reaches in its module, could leave the device of its arguments."""
    module = read_module(text)
    for node in module.reached(function):
        last = (path.rsplit(".", 1)[-1] for path in module.paths(node))
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if not _MAKERS.isdisjoint((*last, name)):
            return True
    return False


def facts_of_all(modules: Mapping[str, ModuleSource], exercises: Mapping[str, Exercise]) -> dict[str, SourceFacts]:
    """What is known of each exercise whose module is there, by exercise."""
    functions = {name: [each.function for each in exercises.values() if each.module == name] for name in modules}
    begun = {name: written(source.text, functions[name]) for name, source in modules.items()}
    return {
        id: facts_of(
            modules[exercise.module], exercise.function, exercise.forbidden, exercise.function in begun[exercise.module]
        )
        for id, exercise in exercises.items()
        if exercise.module in modules
    }
