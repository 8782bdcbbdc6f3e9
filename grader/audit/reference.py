"""The part of a reference solution that mutants are made from: one exercise's function, and its text.

Positions are those of `ast`: lines from 1, columns in bytes of UTF-8.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.course import Assignment, Exercise
from grader.errors import ReleaseError
from grader.release.stubs import MarkedCode, marked_code, parse, read_solution, solution_file


@dataclass(frozen=True)
class Reference:
    """The reference of one exercise: its module's text, and the statements between the markers of its function."""

    exercise: Exercise
    file: str
    text: str
    function: ast.FunctionDef
    statements: tuple[ast.stmt, ...]

    @cached_property
    def lines(self) -> list[str]:
        """The module's lines, without their ends."""
        return self.text.split("\n")

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What each node of the function stands in."""
        return {child: node for node in ast.walk(self.function) for child in ast.iter_child_nodes(node)}

    @property
    def parameters(self) -> list[str]:
        """The names of the function's parameters."""
        arguments = self.function.args
        return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]

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

    def source_of(self, node: ast.stmt | ast.expr) -> str:
        """The text of a node."""
        return ast.get_source_segment(self.text, node) or ast.unparse(node)


def read_reference(root: Path, assignment: Assignment, exercise: Exercise) -> Reference:
    """The reference of an exercise. Raises `ReleaseError` when it can't be read or has no marked region."""
    module = assignment.modules[exercise.module]
    file = solution_file(assignment, module)
    text = read_solution(root, assignment, module)
    tree = parse(text, file)
    for code in marked_code(text, tree, file):
        if _is_of(code, exercise, tree):
            assert isinstance(code.function, ast.FunctionDef)
            return Reference(exercise, file, text, code.function, tuple(code.statements))
    raise ReleaseError(f'{file}: the function "{exercise.function}" has no marked region.')


def _is_of(code: MarkedCode, exercise: Exercise, tree: ast.Module) -> bool:
    return code.function in tree.body and getattr(code.function, "name", "") == exercise.function
