"""Which exercises somebody has begun to write: their functions are there, and aren't the stubs any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from grader.reading.parsing import parse

_STILL = "is still to do"  # the end of what stubs say
_NO_FUNCTION = (
    ast.Constant | ast.BinOp | ast.BoolOp | ast.Compare | ast.JoinedStr | ast.List | ast.Tuple | ast.Dict | ast.Set
    | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
)  # fmt: skip
_BLOCKS = ast.If | ast.Try | ast.TryStar | ast.With | ast.AsyncWith | ast.For | ast.While
_OTHER_NAMES = ast.Lambda | ast.Name | ast.Attribute  # what gives a function a name, besides its definition
_BEGINS_ANY = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_NOTHING_LINE = re.compile(r"[ \t]*(#.*|pass|\.\.\.|return|return None|)[ \t]*")


def written(text: str, functions: Iterable[str]) -> set[str]:
    """Those of the functions that a module's text defines, unless the last definition is a stub.

    A text that is not Python is looked at line by line. Nothing is run.
    """
    wanted = set(functions)
    try:
        found = _defined(text)
    except SyntaxError:
        found = {name: not block_is_stub(text, name) for name in wanted if _begins(text, name)}
    return {name for name in wanted if found.get(name)}


@lru_cache(maxsize=16)
def _defined(text: str) -> dict[str, bool]:
    """Each name that a text defines, and whether that is more than a stub. Raises `SyntaxError`."""
    return dict(definitions(parse(text).body))


def functions_in(text: str) -> set[str]:
    """The names that a text gives to functions and classes of its own at the top level: not to methods, nor to what it
    imports or gets from a call, such as `model = Net()`. A text that is not Python is looked at line by line."""
    try:
        waiting = list(parse(text).body)
    except SyntaxError:
        return set(_BEGINS_ANY.findall(text))
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, _OTHER_NAMES):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
        waiting += within(node)
    return found


def definitions(body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    """Each name that may become a function at the top level, blocks included, and whether that is more than a stub."""
    waiting = body[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, not _is_stub(node)
        elif isinstance(node, ast.ClassDef):
            yield node.name, not any(says_to_do(inner, _STILL) for inner in ast.walk(node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, True
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for inner in (inner for target in targets for inner in ast.walk(target)):
                if isinstance(inner, ast.Name):
                    yield inner.id, not _is_placeholder(node.value)
        waiting += within(node)[::-1]


def within(node: ast.stmt) -> list[ast.stmt]:
    """The statements of a block that runs where it stands, one level down: of an `if`, `try`, `with` or loop."""
    if not isinstance(node, _BLOCKS):
        return []
    handlers = [each for handler in getattr(node, "handlers", ()) for each in handler.body]
    return [*node.body, *handlers, *getattr(node, "orelse", ()), *getattr(node, "finalbody", ())]


def may_be_a_function(value: ast.expr | None) -> bool:
    """Whether calling what an expression gives is conceivable: not of a number, a text, a list or a result."""
    return value is not None and not isinstance(value, _NO_FUNCTION)


def block_is_stub(text: str, name: str) -> bool:
    """Whether the last block that begins to define a name holds nothing or a stub, in a text that is not Python."""
    starts = _begins(text, name)
    if not starts:
        return False
    header, _, after = text[starts[-1] :].partition("\n")
    end = re.search(r"^[^\s#)]", after, re.MULTILINE)
    inside = after[: end.start() if end else None]
    if re.search(r"^[ \t]+raise NotImplementedError\b", inside, re.MULTILINE):
        return True
    return header.rstrip().endswith(":") and all(map(_NOTHING_LINE.fullmatch, inside.split("\n")))


def _begins(text: str, name: str) -> list[int]:
    begins = rf"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b|{re.escape(name)}[ \t]*=(?!=))"
    return [found.start() for found in re.finditer(begins, text, re.MULTILINE)]


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function says that it is still to do, whatever else it does, or has nothing in it."""
    does = [node for node in function.body if not _is_nothing(node)]
    if not does or any(says_to_do(node) for node in does):
        return True
    return any(says_to_do(node, _STILL) for node in ast.walk(function))


def _is_nothing(node: ast.stmt) -> bool:
    """`pass`, a text, `...`, or a return of nothing or of `...`."""
    if isinstance(node, ast.Return):
        return _is_placeholder(node.value)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_placeholder(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Lambda):
        return _is_placeholder(value.body)
    return value is None or (isinstance(value, ast.Constant) and value.value in (None, ...))


def says_to_do(node: ast.AST, words: str = "") -> bool:
    """Whether this raises `NotImplementedError`, with a text that ends with these words."""
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if not isinstance(called, ast.Name) or called.id not in ("NotImplementedError", "NotImplemented"):
        return False
    said = node.exc.args[0] if isinstance(node.exc, ast.Call) and node.exc.args else None
    return not words or (isinstance(said, ast.Constant) and str(said.value).endswith(words))
