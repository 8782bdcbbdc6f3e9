"""Where a function is defined: its own text in a module, and its cell in a notebook."""

from __future__ import annotations

import ast

from grader.collect import ModuleSource
from grader.course.syntax import syntax_tree


def function_text(module: str, function: str) -> str:
    """The last definition of a function in a module's text, decorators included; empty when there is none."""
    lines = module.split("\n")
    found = [node for node in _top_level(module) if function in _binds(node)]
    return "\n".join(lines[_first_line(found[-1]) - 1 : found[-1].end_lineno]) if found else ""


def defining_cell(module: ModuleSource, function: str) -> int | None:
    """The number of the notebook's cell that the function's definition in this module was taken from."""
    found = [node for node in _top_level(module.text) if function in _binds(node)]
    if not found or not module.lines:
        return None
    return module.lines[_first_line(found[-1]) - 1].cell


def _top_level(text: str) -> list[ast.stmt]:
    try:
        return syntax_tree(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _binds(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
