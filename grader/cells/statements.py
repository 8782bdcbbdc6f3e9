"""The top-level statements of a notebook: what each binds, what it reads, and the learner's own text of it."""

from __future__ import annotations

import ast
import keyword
import re
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from grader.cells.compiling import compiled
from grader.cells.magics import parse_cell
from grader.cells.not_read import NotReadError
from grader.cells.notebook import Cell
from grader.inert import inert
from grader.records import SubmissionStatus

# Each costs a fraction of a millisecond, and people write some hundreds.
_MOST_STATEMENTS = 5000
_DEFINES = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)
# The kinds of statements that give names a meaning. Loops are training, and bare expressions are plots and prints.
_Binder = (
    ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    | ast.Assign | ast.AnnAssign | ast.If | ast.Try | ast.TryStar | ast.With
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement, or (when `node` is None) a stand-in for a definition that can't be compiled."""

    cell: Cell
    line: int
    text: str
    node: ast.stmt | None
    comment: str = ""  # the comment lines just before it
    binds: frozenset[str] = frozenset()
    reads_at_once: frozenset[str] = frozenset()  # global names that it needs when it is run
    reads: frozenset[str] = field(default=frozenset())  # and those that functions in it need when they are called

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def is_function_like(self) -> bool:
        """A def, a class, a lambda with a name, or a stand-in for one."""
        if isinstance(self.node, ast.Assign | ast.AnnAssign):
            return isinstance(self.node.value, ast.Lambda)
        return self.node is None or isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def read_statements(cells: list[Cell], tagged: Mapping[str, str]) -> list[Statement]:
    """All the code cells' top-level statements in order. `tagged` is the function that a grade id stands for.

    Raises `NotReadError` when they are too many.
    """
    every = (found for cell in cells if cell.is_code for found in _of_cell(cell, tagged.get(cell.tag, "")))
    statements = list(islice(every, _MOST_STATEMENTS + 1))
    if len(statements) > _MOST_STATEMENTS:
        raise NotReadError(
            f"The notebook holds more than {_MOST_STATEMENTS:,} statements outside of functions, the limit: cell "
            f"{statements[-1].cell.number}, line {statements[-1].line} is above it. Hand in only your own work.",
            SubmissionStatus.REFUSED,
        )
    return statements


def calls_at_once(node: ast.AST, functions: set[str]) -> bool:
    """Whether running this statement calls one of the functions by name; bodies of defs and lambdas don't run yet."""
    rest: list[ast.AST] = [node]
    while rest:
        node = rest.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            rest.extend(ast.iter_child_nodes(node))
    return False


def _of_cell(cell: Cell, function: str) -> Iterator[Statement]:
    try:
        text, tree = parse_cell(cell.text)
    except SyntaxError as error:
        names = {a or b for a, b in _DEFINES.findall(cell.text)} | ({function} if function else set())
        for name in sorted(name for name in names if name.isidentifier() and not keyword.iskeyword(name)):
            yield _stand_in(cell, name, error.lineno or 1, error)
        return
    lines = text.split("\n")
    raw = [line.encode() for line in lines]  # columns count bytes
    end = 0
    for i, node in enumerate(tree.body):
        first, last = _first_line(node), node.end_lineno or node.lineno
        following = _first_line(tree.body[i + 1]) if i + 1 < len(tree.body) else len(lines) + 1
        has_own_lines = end < first and last < following and not lines[last - 1].endswith("\\")
        own = "\n".join(lines[first - 1 : last]) if has_own_lines else _cut(raw, node, first, last)
        yield _statement(cell, first, own, node, "\n".join(lines[end : first - 1]))
        end = last


def _statement(cell: Cell, first: int, text: str, node: ast.stmt, comment: str) -> Statement:
    if not isinstance(node, _Binder):
        return Statement(cell, first, text, node, comment)
    try:
        table = compiled(text, node)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = first - 1 + (getattr(error, "lineno", None) or 1)
        named = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""
        if not named:
            return Statement(cell, first, "pass", ast.Pass(), comment)
        return _stand_in(cell, named, line, error)
    symbols = table.get_symbols()
    binds = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    at_once = {s.get_name() for s in symbols if s.is_referenced()}
    return Statement(
        cell, first, text, node, comment, frozenset(binds), frozenset(at_once), frozenset(at_once | _globals(table))
    )


def _globals(table: symtable.SymbolTable) -> set[str]:
    names: set[str] = set()
    for child in table.get_children():
        names |= {s.get_name() for s in child.get_symbols() if s.is_global()} | _globals(child)
    return names


def _stand_in(cell: Cell, name: str, line: int, error: BaseException) -> Statement:
    """A function that says, once it is called, what is wrong with the definition that should stand there."""
    why = getattr(error, "msg", None) or "too deeply nested"
    message = inert(f"cell {cell.number}, line {line}: {why}", 300)
    text = f"def {name}(*_arguments, **_named):\n    raise SyntaxError({message!r})"
    return Statement(cell, line, text, None, "", frozenset({name}))


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _cut(raw: list[bytes], node: ast.stmt, first: int, last: int) -> str:
    """The statement without what else is on its lines: other statements after semicolons, a last backslash."""
    lines = raw[first - 1 : last]
    lines[-1] = lines[-1][: node.end_col_offset]
    if first == node.lineno:
        lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode()
