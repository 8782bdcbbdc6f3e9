"""The part of a reference solution that mutants are made from: an exercise's function or method, and changes of it."""

from __future__ import annotations

import ast
import copy
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.core.assignment import Assignment, Exercise
from grader.core.errors import ReleaseError
from grader.derived.stubs import (
    MarkedCode,
    first_line,
    last_line,
    marked_code,
    parse_solution,
    read_solution,
    solution_file,
)


@dataclass(frozen=True)
class Edit:
    """One change: what stands in place of nodes, what was done, and what it needs behind the module's last line."""

    new: Mapping[ast.AST, ast.AST | Sequence[ast.stmt]]
    what: str
    behind: str = ""


@dataclass(frozen=True)
class Reference:
    """The reference of one exercise, or of a method of it: its module's text, and the statements between the markers of
    the function. `name` is how the module calls it: `mse`, `Net.forward`."""

    exercise: Exercise
    file: str
    text: str
    name: str
    function: ast.FunctionDef
    statements: tuple[ast.stmt, ...]

    def edited(self, edit: Edit) -> str:
        """The module's text with a change. Its function is printed anew, so comments in it go."""
        function = _Swap(edit.new).visit(self.function)
        lines = self.text.split("\n")
        before, after = lines[: first_line(self.function) - 1], lines[last_line(self.function) :]
        printed = textwrap.indent(ast.unparse(function), " " * self.function.col_offset)
        return "\n".join([*before, printed, *after]) + edit.behind

    @property
    def parameters(self) -> list[str]:
        """The names of the function's parameters, without the object of a method."""
        arguments = self.function.args
        every = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        return every["." in self.name :]

    @cached_property
    def names(self) -> list[str]:
        """Parameters, and the names that the function gives to values of its own, in order."""
        stored = [
            node.id
            for statement in self.statements
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id != "_"
        ]
        return list(dict.fromkeys([*self.parameters, *stored]))


class _Swap(ast.NodeTransformer):
    """Puts nodes in the place of others, in a copy of what is around them."""

    def __init__(self, new: Mapping[ast.AST, ast.AST | Sequence[ast.stmt]]) -> None:
        self._new = new

    def visit(self, node: ast.AST) -> Any:
        """What stands in place of a node."""
        return self._new[node] if node in self._new else self.generic_visit(_shallow(node))


def _shallow(node: ast.AST) -> ast.AST:
    copied = copy.copy(node)
    for name, value in ast.iter_fields(copied):
        if isinstance(value, list):
            setattr(copied, name, list(value))
    return copied


def read_references(root: Path, assignment: Assignment, exercise: Exercise) -> list[Reference]:
    """The reference of an exercise, of a class one for each method that is marked. Raises `ReleaseError` when it can't
    be read or has no marked region."""
    module = assignment.modules[exercise.module]
    file = solution_file(assignment, module)
    text = read_solution(root, assignment, module)
    tree = parse_solution(text, file)
    found = [
        Reference(exercise, file, text, code.name, code.function, tuple(code.statements))
        for code in marked_code(text, tree, file)
        if isinstance(code.function, ast.FunctionDef) and _is_of(code, exercise, tree)
    ]
    if not found:
        raise ReleaseError(f'{file}: the function "{exercise.function}" has no marked region.')
    return found


def _is_of(code: MarkedCode, exercise: Exercise, tree: ast.Module) -> bool:
    name, dot, _ = code.name.partition(".")
    return name == exercise.function and (bool(dot) or code.function in tree.body)
