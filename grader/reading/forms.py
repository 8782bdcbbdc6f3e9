"""The forms of a module's code: what its statements and expressions look like when names, comments, layout and the
order of what may be exchanged are left out. A text that was taken from another one shares forms with it.

A form is told by a digest, so that whoever compares texts sees numbers of lines and nothing else. In a form

- a name that the text itself binds is any name, and an imported one is what it stands for: `t.sum` is `torch.sum`
  after `import torch as t`;
- a method, a function and an operator are one: `a.sub(b)`, `torch.sub(a, b)`, `a - b`;
- operands may stand in any order where that is the same, and a call's keywords;
- annotations, docstrings, imports, `pass` and what says that something is still to do are left out.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from grader.core.assignment import Exercise
from grader.reading.completion import says_to_do
from grader.reading.definitions import last_definition
from grader.reading.module_text import ModuleSource

_MOST, _DEEPEST, _MOST_PARTS, _LONGEST = 3000, 100, 12, 500
_SMALLEST = 3  # of an expression that counts: `w.grad` by itself says nothing
_BUILTIN = frozenset(dir(builtins))
# Functions and methods that are called as an operator is: as in the module `operator`, and torch's other names.
_OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.MatMult: "matmul", ast.Pow: "pow",
    ast.FloorDiv: "floor_divide", ast.Mod: "remainder",
}  # fmt: skip
_SAME = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "truediv": "div", "true_divide": "div", "mm": "matmul",
    "floordiv": "floor_divide", "mod": "remainder",
}  # fmt: skip
_ANY_ORDER = ("add", "mul")
_TURNED = {ast.Gt: "Lt", ast.GtE: "LtE"}
_LEFT_OUT = ast.Import | ast.ImportFrom | ast.Pass | ast.Global | ast.Nonlocal
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.GeneratorExp
_UNSAID = frozenset({"ctx", "type_comment", "annotation", "returns", "type_params", "kind", "simple"})


@dataclass(frozen=True)
class Form:
    """One form where it stands: its digest, its first and last line (from 1), and the digests of the forms in it."""

    digest: str
    first: int
    last: int
    parts: tuple[str, ...] = ()


def forms_of(text: str) -> tuple[Form, ...] | None:
    """The forms of a text, in no order that counts. None where it doesn't parse."""
    try:
        tree = ast.parse(text)
        return tuple(_Forms(tree).found)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@dataclass(frozen=True)
class Part:
    """The last definition of an exercise's function: its first and last line in its module, and its forms. Or what of a
    module belongs to no exercise: then both lines are 0."""

    module: str
    first: int
    last: int
    forms: tuple[Form, ...]


def parts_of(
    modules: Mapping[str, ModuleSource],
    alone: Mapping[str, Mapping[str, ModuleSource]],
    exercises: Mapping[str, Exercise],
) -> dict[str, Part]:
    """What the modules consist of: exercises by their id, and the rest of each module by its file's name.

    Where a module isn't Python as a whole, what can be run of it counts (`alone`), which stands on the same lines.
    """
    parts: dict[str, Part] = {}
    for name, source in modules.items():
        own = [id for id, exercise in exercises.items() if exercise.module == name]
        whole = forms_of(source.text)
        texts = {id: source.text if whole is not None else _same_lines(alone, id, source) for id in own}
        every = whole if whole is not None else [form for text in texts.values() for form in forms_of(text) or ()]
        rest = dict.fromkeys(every)
        for id in own:
            node = last_definition(texts[id], exercises[id].function)
            if node is None:
                continue
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            last = node.end_lineno or first
            forms = [form for form in rest if first <= form.first and form.last <= last]
            parts[id] = Part(name, first, last, tuple(forms[:_MOST]))
            for form in forms:
                del rest[form]
        parts[f"{name}.py"] = Part(name, 0, 0, tuple(rest)[:_MOST])
    return parts


def _same_lines(alone: Mapping[str, Mapping[str, ModuleSource]], id: str, source: ModuleSource) -> str:
    """What can be run of an exercise, without the lines that aren't the learner's own."""
    found = alone.get(id, {}).get(source.name)
    lines = found.text.split("\n") if found else []
    own = source.text.split("\n")
    return "\n".join(line if at < len(own) and line == own[at] else "" for at, line in enumerate(lines))


@dataclass(frozen=True)
class _Shape:
    """What a node looks like, how many nodes that are, and the forms that it consists of."""

    digest: str
    size: int
    parts: tuple[str, ...]


def _digest(*words: str) -> str:
    return hashlib.blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=7).hexdigest()


class _Forms:
    def __init__(self, tree: ast.Module) -> None:
        self.found: list[Form] = []
        self._known: dict[ast.AST, _Shape] = {}
        self._own, self._imported = _names(tree)
        self._own_attributes = _own_attributes(tree)
        for statement in tree.body:
            if not _is_left_out(statement):
                self._shape(statement, 0)

    def _shape(self, node: ast.AST, depth: int) -> _Shape:
        """What a node looks like; it and all forms in it are noted. What is nested too deeply all looks alike."""
        if depth > _DEEPEST:
            return _Shape("deep", 1, ())
        if node not in self._known:
            said, inner, any_order = self._said(node, depth + 1)
            if any_order:
                inner = sorted(inner, key=lambda each: each.digest)
            self._known[node] = self._noted(node, said, inner)
        return self._known[node]

    def _noted(self, node: ast.AST, said: str, inner: Iterable[_Shape]) -> _Shape:
        """The shape of that; a form, if it is large enough or a statement."""
        inner = list(inner)
        size = 1 + sum(each.size for each in inner)
        digest = _digest(said, *(each.digest for each in inner))
        parts = tuple(dict.fromkeys(part for each in inner for part in each.parts))[:_MOST_PARTS]
        is_form = isinstance(node, ast.stmt) or (isinstance(node, ast.expr) and size >= _SMALLEST)
        if is_form and not _is_said_by_its_value(node):
            self._note(digest, node, node, parts)
            parts = (digest,)
        return _Shape(digest, size, parts)

    def _note(self, digest: str, first: ast.AST, last: ast.AST, parts: tuple[str, ...]) -> None:
        if len(self.found) < _MOST:
            begin, end = getattr(first, "lineno", 0), getattr(last, "end_lineno", 0)
            self.found.append(Form(digest, begin, end, parts))

    def _said(self, node: ast.AST, depth: int) -> tuple[str, list[_Shape], bool]:
        """What is said of a node itself, what it consists of, and whether that may stand in any order."""
        match node:
            case ast.Name(id=name):
                return self._name(name), [], False
            case ast.Attribute() if path := self._path(node):
                return path, [], False
            case ast.Attribute(value=value, attr=name):
                return f".{'' if name in self._own_attributes else name}", [self._shape(value, depth)], False
            case ast.Constant(value=value):
                return _constant(value), [], False
            case ast.Call():
                return self._call(node, depth)
            case ast.BinOp(left=left, op=op, right=right):
                name = _OPERATORS.get(type(op), type(op).__name__)
                return name, [self._shape(left, depth), self._shape(right, depth)], name in _ANY_ORDER
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                sides = [self._shape(left, depth), self._shape(right, depth)]
                turned = _TURNED.get(type(op))
                return turned or type(op).__name__, sides[::-1] if turned else sides, isinstance(op, ast.Eq | ast.NotEq)
            case ast.Lambda(args=args, body=body):  # as a function that returns this
                given = self._noted(node, "Return", [self._shape(body, depth)])
                return f"def {_count(args)}", [given], False
            case ast.FunctionDef(args=args, body=body, decorator_list=decorators):
                inner = [self._shape(each, depth) for each in [*decorators, *_defaults(args)]]
                return f"def {_count(args)}", [*inner, *self._block(body, depth)], False
            case ast.AugAssign(target=target, op=op, value=value):
                whole = ast.copy_location(ast.BinOp(target, op, value), node)
                return "Aug", [self._shape(target, depth), self._shape(whole, depth)], False
            case ast.AnnAssign(target=target, value=value) if value:
                return "Assign", [self._shape(target, depth), self._shape(value, depth)], False
            case ast.Expr(value=value):
                return "Expr", [self._shape(value, depth)], False
            case ast.For(target=target, iter=over, body=body):
                for added in _added(body):
                    self._each(node, target, over, added, depth)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                first = node.generators[0]
                self._each(node, first.target, first.iter, node.elt, depth)
        return type(node).__name__, list(self._children(node, depth)), False

    def _each(self, node: ast.AST, target: ast.AST, over: ast.AST, value: ast.AST, depth: int) -> None:
        """That a value is made for each of something, by a loop or in brackets."""
        inner = [self._shape(each, depth) for each in (target, over, value)]
        parts = tuple(part for each in inner for part in each.parts)
        self._note(_digest("each", *(each.digest for each in inner)), node, node, parts[:_MOST_PARTS])

    def _children(self, node: ast.AST, depth: int) -> Iterator[_Shape]:
        for name, value in ast.iter_fields(node):
            if name in _UNSAID:
                continue
            if isinstance(value, ast.AST):
                yield self._shape(value, depth)
            elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from self._block(value, depth)
            elif isinstance(value, list):
                for each in value:
                    if isinstance(each, ast.AST):
                        yield self._shape(each, depth)

    def _block(self, body: list[ast.stmt], depth: int) -> list[_Shape]:
        """The statements of a block; two that follow each other are a form, too."""
        kept = [each for each in body if not _is_left_out(each)]
        shapes = [self._shape(each, depth) for each in kept]
        for (one, first), (two, second) in pairwise(zip(kept, shapes, strict=True)):
            self._note(_digest("then", first.digest, second.digest), one, two, (*first.parts, *second.parts))
        return shapes

    def _call(self, node: ast.Call, depth: int) -> tuple[str, list[_Shape], bool]:
        function, given = node.func, list(node.args)
        path = self._path(function)
        inner: list[_Shape] = []
        if path:
            said = path.rsplit(".", 1)[-1]
        elif isinstance(function, ast.Attribute):
            said = "" if function.attr in self._own_attributes else function.attr
            given.insert(0, function.value)
        else:
            said, inner = "()", [self._shape(function, depth)]
        said = _SAME.get(said, said)
        inner += [self._shape(each, depth) for each in given]
        for keyword in sorted(node.keywords, key=lambda each: each.arg or ""):
            shape = self._shape(keyword.value, depth)
            inner.append(_Shape(_digest("=", keyword.arg or "**", shape.digest), shape.size, shape.parts))
        return said, inner, said in _ANY_ORDER and len(inner) == 2 and not node.keywords

    def _name(self, name: str) -> str:
        return self._imported.get(name) or ("v" if name in self._own else name)

    def _path(self, node: ast.AST) -> str:
        """What an imported or built-in name, or something in it, stands for; empty where it is neither."""
        behind: list[str] = []
        while isinstance(node, ast.Attribute):
            behind.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        root = self._imported.get(node.id)
        if root is None and not behind and node.id in _BUILTIN - self._own:
            root = node.id
        return ".".join([root, *reversed(behind)])[:_LONGEST] if root else ""


def _names(tree: ast.Module) -> tuple[frozenset[str], dict[str, str]]:
    """The names that a text binds itself, and what those that it imports stand for."""
    own: set[str] = set()
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            own.add(node.id)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
            own.add(node.name or "")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                imported[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                imported[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
    return frozenset(own), {name: path for name, path in imported.items() if name not in own}


def _own_attributes(tree: ast.Module) -> frozenset[str]:
    """The methods and attributes that the text's classes define."""
    found: set[str] = set()
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for node in ast.walk(kind):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                found.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
                found.add(node.attr)
    return frozenset(found)


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _constant(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{type(value).__name__} {str(value)[:_LONGEST]}"
    return f"number {float(value)!r}"


def _count(args: ast.arguments) -> int:
    return len(args.posonlyargs) + len(args.args) + len(args.kwonlyargs)


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(each for each in args.kw_defaults if each)]


def _is_left_out(node: ast.stmt) -> bool:
    """Whether a statement says nothing: an import, a docstring, a bare annotation, or that something is to do."""
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, _LEFT_OUT) or says_to_do(node)


def _is_said_by_its_value(node: ast.AST) -> bool:
    """Whether a statement is no more than the expression in it."""
    return isinstance(node, ast.Expr)


def _added(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What a loop's body adds to a list: `found.append(value)`, `found += [value]`."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append"), args=[value])):
                yield value
            case ast.AugAssign(op=ast.Add(), value=ast.List(elts=[value])):
                yield value
