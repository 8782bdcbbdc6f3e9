"""A module's source, stub or solution, taken apart: its exercises' functions, and what else it gives."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from grader.core.assignment import Assignment
from grader.core.errors import LessonError


def syntax_tree(source: str | bytes) -> ast.Module:
    """The syntax tree of a module; warnings about its code are nobody's business here.

    Raises SyntaxError, or ValueError for a NUL, when it isn't valid Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


_LONGEST = 50  # letters of an exercise's id: a cell's name has at most 64 with what is put before it


@dataclass(frozen=True)
class FunctionText:
    """One function or class: its whole source, the line(s) from `def` or `class` to the colon, its docstring, and of a
    class the methods that have a docstring."""

    source: str
    signature: str
    docstring: str
    methods: tuple[FunctionText, ...] = ()


@dataclass(frozen=True)
class ModuleText:
    """The functions of a module's exercises by exercise, and the rest of it but for its docstring."""

    functions: dict[str, FunctionText]
    given: str


def read_modules(sources: dict[str, str], assignment: Assignment) -> dict[str, ModuleText]:
    """The modules, by name. `sources` are valid Python with a function for each exercise, as `make_stub` sees to it.

    Raises LessonError when two exercises' functions have one name: a notebook has one namespace.
    """
    names = [exercise.function for exercise in assignment.exercises.values()]
    for name in names:
        if names.count(name) > 1:
            raise LessonError(
                f'{assignment.id}: two exercises are functions called "{name}", and a notebook has only one place for '
                "a name. Rename one of them, or leave the lesson without a lesson.md."
            )
    for long in (exercise.id for exercise in assignment.exercises.values() if len(exercise.id) > _LONGEST):
        raise LessonError(f'{assignment.id}: "{long}" is too long to name a cell, expected at most {_LONGEST} letters.')
    return {
        module: _read(source, {e.function: e.id for e in assignment.exercises.values() if e.module == module})
        for module, source in sources.items()
    }


def imports_in(code: str) -> set[str]:
    """The import statements at the top level, each in one way of writing it."""
    return {ast.unparse(node) for node in syntax_tree(code).body if _is_import(node)}


def is_only(code: str, known: set[str]) -> bool:
    """Whether the code is nothing but these import statements."""
    return all(_is_import(node) and ast.unparse(node) in known for node in syntax_tree(code).body)


def _read(source: str, wanted: dict[str, str]) -> ModuleText:
    lines = source.split("\n")
    tree = syntax_tree(source)
    functions: dict[str, FunctionText] = {}
    taken: set[int] = set()
    if ast.get_docstring(tree) is not None:
        taken |= set(_lines_of(tree.body[0]))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in wanted:
            own = _with_comments(_lines_of(node), lines)
            taken |= set(own)
            functions[wanted[node.name]] = _text_of(node, own, lines)
    rest = "\n".join(line for number, line in enumerate(lines, start=1) if number not in taken)
    return ModuleText(functions, re.sub(r"\n{3,}", "\n\n\n", rest).strip())


def _text_of(node: ast.FunctionDef | ast.ClassDef, own: range, lines: list[str]) -> FunctionText:
    signature = "\n".join(lines[node.lineno - 1 : node.body[0].lineno - 1]).strip()
    methods = [each for each in node.body if isinstance(each, ast.FunctionDef) and ast.get_docstring(each)]
    return FunctionText(
        "\n".join(lines[number - 1] for number in own),
        signature,
        ast.get_docstring(node) or "",
        tuple(_text_of(each, _lines_of(each), lines) for each in methods if isinstance(node, ast.ClassDef)),
    )


def _lines_of(node: ast.stmt) -> range:
    return range(min(_starts(node)), (node.end_lineno or node.lineno) + 1)


def _with_comments(own: range, lines: list[str]) -> range:
    """And the indented lines right behind: comments at the end of a body belong to it, such as a marker."""
    end = own.stop
    while end <= len(lines) and lines[end - 1][:1] in (" ", "\t") and lines[end - 1].strip():
        end += 1
    return range(own.start, end)


def _starts(node: ast.stmt) -> Iterator[int]:
    yield node.lineno
    for decorator in getattr(node, "decorator_list", []):
        yield decorator.lineno


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)
