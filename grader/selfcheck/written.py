"""Which exercises somebody has begun to write: their functions are there, and aren't the stubs any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from grader.cells.magics import parse

_STILL = "is still to do"  # the end of what stubs say


def written(text: str, functions: Iterable[str]) -> set[str]:
    """Those of the functions that a module's text defines, unless the last definition is a stub.

    A text that is not Python is looked at line by line. Nothing is run.
    """
    wanted = set(functions)
    try:
        found = dict(_definitions(parse(text).body))
    except SyntaxError:
        found = {name: _block_is_written(text, name) for name in wanted}
    return {name for name in wanted if found.get(name)}


def _definitions(body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    """Each name that is given a meaning at the top level, and whether that is more than a stub."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, not _is_stub(node)
        elif isinstance(node, ast.ClassDef):
            yield node.name, True
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, True
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for inner in (inner for target in targets for inner in ast.walk(target)):
                if isinstance(inner, ast.Name):
                    yield inner.id, True
        for name in ("body", "orelse", "finalbody"):
            if isinstance(node, ast.If | ast.Try | ast.With):
                yield from _definitions(getattr(node, name, []))


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function says that it is still to do, whatever else it does, or has nothing in it."""
    does = [node for node in function.body if not isinstance(node, ast.Pass) and not _is_constant(node)]
    if not does or any(_says_to_do(node) for node in does):
        return True
    return any(_says_to_do(node, _STILL) for node in ast.walk(function))


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _says_to_do(node: ast.AST, words: str = "") -> bool:
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if not isinstance(called, ast.Name) or called.id != "NotImplementedError":
        return False
    said = node.exc.args[0] if isinstance(node.exc, ast.Call) and node.exc.args else None
    return not words or (isinstance(said, ast.Constant) and str(said.value).endswith(words))


def _block_is_written(text: str, name: str) -> bool:
    begins = rf"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b|{re.escape(name)}[ \t]*=(?!=))"
    starts = [found.start() for found in re.finditer(begins, text, re.MULTILINE)]
    if not starts:
        return False
    _, _, after = text[starts[-1] :].partition("\n")
    end = re.search(r"^[^\s#)]", after, re.MULTILINE)
    return not re.search(r"^[ \t]+raise NotImplementedError\b", after[: end.start() if end else None], re.MULTILINE)
