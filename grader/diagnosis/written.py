"""How a learner's function is written: its definition in the source, for telling apart what behaves the same."""

from __future__ import annotations

import ast
from collections.abc import Callable


def definition(source: str, function: str) -> ast.AST | None:
    """The last top-level definition of a name: a function, a class, or an assignment. None where there is none."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: ast.AST | None = None
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if getattr(node, "name", None) == function or function in names:
            found = node
    return found


def says_yes(is_written: Callable[[ast.AST], bool], node: ast.AST | None) -> bool:
    """Whether a predicate of the bank holds for a definition. One that can't cope with what was written says no."""
    if node is None:
        return False
    try:
        return bool(is_written(node))
    except Exception:
        return False
