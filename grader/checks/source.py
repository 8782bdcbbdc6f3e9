"""Where in a learner's source a function is defined and returns."""

from __future__ import annotations

import ast
from functools import lru_cache


@lru_cache(maxsize=64)
def place_of(text: str, function: str) -> int | None:
    """The line to look at when a function gave a wrong value: its only `return`, else where it is defined.

    None when the source doesn't parse, or defines no such name at top level.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: int | None = None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            returns = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Return)]
            found = returns[0] if len(returns) == 1 else node.lineno
        elif (isinstance(node, ast.ClassDef) and node.name == function) or (
            isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == function for target in node.targets)
        ):
            found = node.lineno
    return found
