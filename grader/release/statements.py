"""Statements of Python one by one: their own text, and how much each says by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_WEIGHS = (
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.arg,
    ast.keyword,
    ast.FunctionDef,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


def all_in(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements and those nested in them, in the order in which they are written."""
    nested = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.stmt)]
    yield from sorted(nested, key=lambda node: (node.lineno, node.col_offset))


def weight(node: ast.AST) -> int:
    """How much a statement or an expression says by itself."""
    return int(isinstance(node, _WEIGHS)) + sum(
        weight(child) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)
    )


def own_text(node: ast.stmt | ast.expr, lines: list[str]) -> str:
    """The source of a node, without the statements nested in it."""
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    nested = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    if nested:
        end = min((child.lineno, child.col_offset) for child in nested)
    picked = [line.encode() for line in lines[node.lineno - 1 : end[0]]]
    # The parser counts columns in bytes.
    picked[-1] = picked[-1][: end[1]]
    picked[0] = picked[0][node.col_offset :]
    return b"\n".join(picked).decode().rstrip().removesuffix(":")
