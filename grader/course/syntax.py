"""Python source as a syntax tree."""

from __future__ import annotations

import ast
import warnings


def syntax_tree(source: str | bytes) -> ast.Module:
    """The syntax tree of a module; warnings about its code are nobody's business here.

    Raises SyntaxError, or ValueError for a NUL, when it isn't valid Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
