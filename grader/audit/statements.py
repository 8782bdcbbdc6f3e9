"""Mutations of statements: removed, doubled, exchanged, moved, unwrapped; returns and assignments changed.

They work on lines, so that the rest of the text, comments included, stays as it was. Each gives (lines of the whole
module, what was done) pairs. A statement that shares its line with another is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.audit.reference import Reference
from grader.release.stubs import first_line, last_line

Change = tuple[list[str], str]
# An assignment done twice is the same assignment.
_TWICE = (ast.Expr, ast.AugAssign)


def of_statements(reference: Reference) -> Iterator[Change]:
    """Every mutation of the function's statements."""
    for body in _bodies(reference.statements):
        alone = len({first_line(each) for each in body}) == len(body)
        for index, statement in enumerate(body if alone else ()):
            following = body[index + 1] if index + 1 < len(body) else None
            yield from _one(reference, statement)
            if following is not None:
                yield from _two(reference, statement, following)
    yield from _ignored(reference)


def _bodies(statements: Sequence[ast.stmt]) -> Iterator[Sequence[ast.stmt]]:
    yield statements
    for statement in statements:
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(statement, field, None)
            if isinstance(inner, list) and inner:
                yield from _bodies(inner)


def _one(reference: Reference, statement: ast.stmt) -> Iterator[Change]:
    first, last = first_line(statement), last_line(statement)
    lines = reference.lines
    block = lines[first - 1 : last]
    indent = _indent(lines[first - 1])
    shown = _shown(reference, statement)
    yield _put(lines, first, last, [f"{indent}pass"]), f"`{shown}` removed"
    if isinstance(statement, _TWICE):
        yield _put(lines, first, last, block * 2), f"`{shown}` done twice"
    if isinstance(statement, ast.AugAssign):
        target, value = reference.source_of(statement.target), reference.source_of(statement.value)
        yield _put(lines, first, last, [f"{indent}{target} = {value}"]), "a plain assignment"
        yield _put(lines, first, last, [f"{indent}{target} = {target} - ({value})"]), "a new object, `-` for in place"
        for symbol in ("+", "-", "*", "/"):
            yield _put(lines, first, last, [f"{indent}{target} {symbol}= {value}"]), f"{symbol}= for another operator"
    if isinstance(statement, ast.Return) and statement.value:
        value = reference.source_of(statement.value)
        yield _put(lines, first, last, [f"{indent}return None"]), "None returned"
        yield _put(lines, first, last, [f"{indent}{value}"]), "the result is not returned"
        yield _put(lines, first, last, [f"{indent}return ({value}).detach()"]), "a detached result"
        for name in reference.names:
            yield _put(lines, first, last, [f"{indent}return {name}"]), f"{name} returned"
    if isinstance(statement, ast.With | ast.For | ast.While | ast.If):
        yield from _wrapper(reference, statement, shown)


def _wrapper(reference: Reference, statement: ast.With | ast.For | ast.While | ast.If, shown: str) -> Iterator[Change]:
    first, last = first_line(statement), last_line(statement)
    body, lines = statement.body, reference.lines
    top, bottom = first_line(body[0]), last_line(body[-1])
    if top == first:
        return  # all on one line
    outer, inner = _indent(lines[first - 1]), _indent(lines[top - 1])
    unwrapped = _moved(lines[top - 1 : bottom], inner, outer)
    if not isinstance(statement, ast.For | ast.While):
        yield _put(lines, first, last, unwrapped), f"`{shown}` without its first line"
        return
    yield _put(lines, bottom + 1, bottom, [f"{inner}break"]), "the loop ends after its first round"
    end = body[-1]
    moved = _moved(lines[first_line(end) - 1 : bottom], inner, outer)
    if len(body) > 1:
        rest = lines[first - 1 : first_line(end) - 1]
        yield _put(lines, first, last, [*rest, *moved]), f"`{_shown(reference, end)}` after the loop"
    start = body[0]
    if len(body) > 1:
        moved = _moved(lines[top - 1 : last_line(start)], inner, outer)
        header, rest = lines[first - 1 : top - 1], lines[last_line(start) : bottom]
        yield _put(lines, first, last, [*moved, *header, *rest]), f"`{_shown(reference, start)}` before the loop"


def _two(reference: Reference, one: ast.stmt, two: ast.stmt) -> Iterator[Change]:
    lines = reference.lines
    first, middle, last = first_line(one), first_line(two), last_line(two)
    names = f"`{_shown(reference, one)}` and `{_shown(reference, two)}`"
    yield _put(lines, first, last, [*lines[middle - 1 : last], *lines[first - 1 : middle - 1]]), f"{names} exchanged"
    if isinstance(one, ast.For | ast.While) and first_line(one.body[0]) != first:
        inner, outer = _indent(lines[first_line(one.body[0]) - 1]), _indent(lines[first - 1])
        inside = _moved(lines[middle - 1 : last], outer, inner)
        yield _put(lines, middle, last, inside), f"`{_shown(reference, two)}` inside the loop"


def _ignored(reference: Reference) -> Iterator[Change]:
    """A parameter is given another value before it is used."""
    first = first_line(reference.statements[0])
    indent = _indent(reference.lines[first - 1])
    arguments = reference.function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip([each.arg for each in positional][::-1], arguments.defaults[::-1], strict=False))
    for name in reference.parameters:
        values = [other for other in reference.parameters if other != name]
        if name in defaults:
            values.append(ast.unparse(defaults[name]))
        for value in (*values, "None"):
            yield _put(reference.lines, first, first - 1, [f"{indent}{name} = {value}"]), f"{name} ignored"


def fixed_arguments(reference: Reference, seen: dict[str, list[bool | int | float]]) -> Iterator[Change]:
    """A parameter always has one of the values that a check has passed: right in that call, and wrong in others."""
    first = first_line(reference.statements[0])
    indent = _indent(reference.lines[first - 1])
    for name, values in seen.items():
        for value in values:
            yield _put(reference.lines, first, first - 1, [f"{indent}{name} = {value!r}"]), f"{name} is always {value}"


def _put(lines: list[str], first: int, last: int, new: list[str]) -> list[str]:
    """The lines with those from `first` to `last`, counted from 1, replaced."""
    return [*lines[: first - 1], *new, *lines[last:]]


def _moved(lines: list[str], old: str, new: str) -> list[str]:
    return [f"{new}{line[len(old) :]}" if line.strip() else line for line in lines]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _shown(reference: Reference, statement: ast.stmt) -> str:
    text = reference.lines[first_line(statement) - 1].strip()
    return text if len(text) <= 40 else f"{text[:39]}…"
