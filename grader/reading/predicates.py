"""Predicates of the bank: functions `is_written(function)` that tell from a definition, as an `ast` node, whether a
misconception or a style is written there. They decide where what a function does leaves several misconceptions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from grader.reading.name_resolution import ParsedModule

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
    module = ParsedModule(source)
    parts = set(module.parts(IS_WRITTEN))
    names = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
    kept = [node for node in module.body if not parts.isdisjoint(ast.walk(node)) or not names.isdisjoint(_bound(node))]
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


def _bound(node: ast.stmt) -> set[str]:
    """The names that an import gives."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return set()
    return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
