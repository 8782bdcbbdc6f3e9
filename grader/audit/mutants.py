"""Mutants: the reference of an exercise with one small change each, as a slip of the hand would make it.

A mutant whose code is the reference's, or another mutant's, is left out. Its id is made of its code alone, so that it
stays the same when lines move, or when other mutants come or go.
"""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grader.audit.expressions import EVERYWHERE, Change, decisions, other_names
from grader.audit.reference import Reference
from grader.audit.statements import fixed_arguments, of_statements

Fixed = Mapping[str, list[bool | int | float]]


@dataclass(frozen=True)
class Mutant:
    """One mutant of an exercise: what was done, the module's text with the change in it, and the change as a diff."""

    id: str
    exercise: str
    what: str
    text: str = field(repr=False)
    diff: str = field(repr=False)


def make_mutants(reference: Reference, seen: Fixed | None = None) -> list[Mutant]:
    """All mutants of a function. `seen` are numbers and truth values that checks pass, by parameter."""
    known = {_code(reference.text, reference)}
    found: dict[str, Mutant] = {}
    for text, what in _texts(reference, seen or {}):
        code = _code(text, reference)
        if code is None or code in known:
            continue
        known.add(code)
        id = f"{reference.exercise.id}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
        found[id] = Mutant(id, reference.exercise.id, what, text, _diff(reference, text))
    return list(found.values())


def _texts(reference: Reference, seen: Fixed) -> Iterator[tuple[str, str]]:
    for node, (new, what) in _expressions(reference):
        yield _replaced(reference, node, new), what
    for lines, what in (*of_statements(reference), *fixed_arguments(reference, dict(seen))):
        yield "\n".join(lines), what


def _expressions(reference: Reference) -> Iterator[tuple[ast.expr, Change]]:
    defaults = [each for each in (*reference.function.args.defaults, *reference.function.args.kw_defaults) if each]
    for top in (*defaults, *reference.statements):
        for node in ast.walk(top):
            yield from decisions(node)
            if not isinstance(node, ast.expr):
                continue
            for changes in EVERYWHERE:
                yield from ((node, change) for change in changes(node))
            yield from ((node, change) for change in other_names(node, reference.names))


def _replaced(reference: Reference, node: ast.expr, new: ast.expr) -> str:
    """The module's text with one expression replaced, in parentheses where they are needed."""
    anchor, text = _rendered(reference, node, new)
    bare = _spliced(reference.text, anchor, text)
    safe = _spliced(reference.text, anchor, f"({text})")
    if isinstance(anchor, ast.JoinedStr) or _code(bare, reference) == _code(safe, reference):
        return bare
    return safe


def _rendered(reference: Reference, node: ast.expr, new: ast.expr) -> tuple[ast.expr, str]:
    """The text for a change, and the node whose place it takes: before Python 3.12 no position inside an f-string is
    right, and so the whole of it is written anew."""
    inside: ast.AST | None = node
    anchor: ast.expr | None = None
    while inside is not None and not isinstance(inside, ast.stmt):
        if isinstance(inside, ast.JoinedStr):
            anchor = inside
        inside = reference.parents.get(inside)
    if anchor is None:
        text = ast.unparse(new)
        bare = isinstance(node, ast.Tuple) and not reference.source_of(node).startswith("(")
        return node, text[1:-1] if bare and isinstance(new, ast.Tuple) else text
    text = ast.unparse(_Swap(node, new).visit(anchor))
    if text.startswith("f'") and '"' not in text and text.endswith("'"):
        text = f'f"{text[2:-1]}"'
    return anchor, text


class _Swap(ast.NodeTransformer):
    """Puts one node in another's place, in a copy of what is around it."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """A node or its replacement."""
        if node is self._old:
            return self._new
        return self.generic_visit(_shallow(node))


def _shallow(node: ast.AST) -> ast.AST:
    copied = copy.copy(node)
    for name, value in ast.iter_fields(copied):
        if isinstance(value, list):
            setattr(copied, name, list(value))
    return copied


def _spliced(text: str, node: ast.expr, new: str) -> str:
    lines = [line.encode() for line in text.split("\n")]
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    before = lines[node.lineno - 1][: node.col_offset]
    after = lines[node.end_lineno - 1][node.end_col_offset :]
    middle = before + new.encode() + after
    return b"\n".join([*lines[: node.lineno - 1], middle, *lines[node.end_lineno :]]).decode()


def _code(text: str, reference: Reference) -> str | None:
    """The function's code in a normal form, without docstring and `pass`; None when it isn't valid Python."""
    try:
        tree = ast.parse(text)
        compile(text, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == reference.function.name:
            node.body = node.body[1:] or [ast.Pass()]
            return _form(_Plain().visit(node))
    return None


def _form(node: object) -> str:
    """A syntax tree as text that is the same in every version of Python: fields that hold nothing are left out."""
    if isinstance(node, ast.AST):
        fields = (f"{name}={_form(value)}" for name, value in ast.iter_fields(node) if value not in (None, []))
        return f"{type(node).__name__}({','.join(fields)})"
    if isinstance(node, list):
        return f"[{','.join(map(_form, node))}]"
    return repr(node)


class _Plain(ast.NodeTransformer):
    """Takes away what does nothing."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """A block without its `pass`, unless that is all there is."""
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                kept = [each for each in body if not isinstance(each, ast.Pass)]
                setattr(node, name, kept or body[:1])
        return node


def _diff(reference: Reference, text: str) -> str:
    before, after = reference.lines, text.split("\n")
    lines = difflib.unified_diff(before, after, reference.file, "mutant", lineterm="", n=2)
    return "\n".join(lines)
