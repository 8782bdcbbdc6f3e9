"""The top-level statements of a notebook or module: what each binds, reads and does, and the learner's own text."""

from __future__ import annotations

import ast
import keyword
import re
import symtable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.reading.completion import block_is_stub
from grader.reading.notebook_cells import Cell
from grader.reading.parsing import NOTHING, AtOnce, at_once, compiled, parse, parse_cell, python_of, without_magics

# Each costs a fraction of a millisecond, and people write some hundreds.
_MOST_STATEMENTS = 5000
# Between a stand-in and the learner's own line that it stands for.
_STANDS_FOR = "  # in place of: "
_DEFINES = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)
# Where a statement may begin in a text that is no Python as a whole, and what can only go on with one.
_BEGINS = re.compile(r"(?!(?:else|elif|except|finally|case)\b)[^\s#)\]}]")
_OPEN = ("was never closed", "unterminated triple-quoted", "EOF")
_MOST_PARSED = 400_000  # characters, all attempts together, to find where what is open in a broken text ends
# The kinds of statements that do more than show something: they give names a meaning, or change what they stand for.
_Acts = (
    ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Delete | ast.Expr
    | ast.If | ast.Try | ast.TryStar | ast.With | ast.For | ast.While | ast.Match
)  # fmt: skip
_COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")


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
    sets_later: frozenset[str] = frozenset()  # global names that functions in it set
    does: AtOnce = NOTHING
    is_stub: bool = False  # of a stand-in

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def is_function_like(self) -> bool:
        """A def, a class, a lambda with a name, or a stand-in for one."""
        if isinstance(self.node, ast.Assign | ast.AnnAssign):
            return isinstance(self.node.value, ast.Lambda)
        return self.node is None or isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def own_line(line: str) -> str:
    """A line of a built module as the learner wrote it: where a stand-in took its place, what stood there."""
    return line.partition(_STANDS_FOR)[2] or line


def read_statements(cells: Sequence[Cell], tagged: Mapping[str, str]) -> list[Statement]:
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


def statement_of(cell: Cell, first: int, text: str, node: ast.stmt, comment: str) -> Statement:
    """The statement that this node is, which begins in line `first` of its cell; a stand-in if it doesn't compile."""
    if not isinstance(node, _Acts):
        return Statement(cell, first, text, node, comment)
    does = at_once([node])
    if isinstance(node, ast.Expr) and not does.changes and not does.calls:
        return Statement(cell, first, text, node, comment, does=does)
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
    now = {s.get_name() for s in symbols if s.is_referenced()}
    declared = {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names}
    inner_now, later, sets_later = _inner_names(table, declared)
    now |= inner_now
    return Statement(
        cell, first, text, node, comment,
        frozenset(binds), frozenset(now), frozenset(now | later), frozenset(sets_later), does,
    )  # fmt: skip


def _of_cell(cell: Cell, function: str) -> Iterator[Statement]:
    try:
        text, tree = parse_cell(cell.text) if cell.number else (cell.text, parse(cell.text))
    except SyntaxError as error:
        bound: set[str] = set()
        for statement in _of_broken(cell):
            bound |= statement.binds
            yield statement
        if function and function not in bound:
            yield _stand_in(cell, function, error.lineno or 1, error)
        return
    yield from _of_text(cell, text, tree, 0)


def _of_text(cell: Cell, text: str, tree: ast.Module, before: int) -> Iterator[Statement]:
    """The statements of a text above which there are `before` lines in the cell."""
    lines = text.split("\n")
    raw = [line.encode() for line in lines]  # columns count bytes
    end = 0
    for i, node in enumerate(tree.body):
        first, last = _first_line(node), node.end_lineno or node.lineno
        following = _first_line(tree.body[i + 1]) if i + 1 < len(tree.body) else len(lines) + 1
        has_own_lines = end < first and last < following and not lines[last - 1].endswith("\\")
        own = "\n".join(lines[first - 1 : last]) if has_own_lines else _cut(raw, node, first, last)
        yield statement_of(cell, before + first, own, node, "\n".join(lines[end : first - 1]))
        end = last


def _of_broken(cell: Cell) -> Iterator[Statement]:
    """What is Python in a text that as a whole is not, and stand-ins for what is defined in the rest."""
    lines = cell.text.split("\n")
    if cell.number:
        lines = without_magics(python_of(cell.text).split("\n"))
    starts = [i for i, line in enumerate(lines) if _BEGINS.match(line) and not (i and lines[i - 1].startswith("@"))]
    starts.append(len(lines))
    parsed = k = 0
    while k + 1 < len(starts):
        is_broken = False
        for end in range(k + 1, len(starts)):  # longer and longer, while a bracket or a text is open
            text = "\n".join(lines[starts[k] : starts[end]])
            parsed += len(text)
            try:
                yield from _of_text(cell, text, parse(text), starts[k])
            except SyntaxError as error:
                is_broken = True
                if parsed < _MOST_PARSED and any(words in str(error.msg) for words in _OPEN):
                    continue
                break
            is_broken, k = False, end
            break
        if is_broken:
            yield from _stand_ins(cell, "\n".join(lines[starts[k] : starts[k + 1]]), starts[k])
            k += 1


def _stand_ins(cell: Cell, text: str, before: int) -> Iterator[Statement]:
    """What stands for all that this text would define; `before` lines are above it."""
    names = {a or b for a, b in _DEFINES.findall(text)}
    names = {name for name in names if name.isidentifier() and not keyword.iskeyword(name)}
    if names:
        try:
            parse("\n" * before + text)  # once more, where it stands: messages name lines
        except SyntaxError as in_place:
            for name in sorted(names):
                yield _stand_in(cell, name, in_place.lineno or before + 1, in_place, block_is_stub(text, name))


def _inner_names(table: symtable.SymbolTable, declared: set[str]) -> tuple[set[str], set[str], set[str]]:
    """Global names that the scopes within this one read at once, read later, and of those `declared` set later."""
    now: set[str] = set()
    later: set[str] = set()
    set_later: set[str] = set()
    waiting = [(child, True) for child in table.get_children()]
    while waiting:
        scope, at_once = waiting.pop()
        at_once = at_once and (scope.get_type() == "class" or scope.get_name() in _COMPREHENSIONS)
        if isinstance(scope, symtable.Function):  # its symbols, one by one, would be looked for in all scopes within
            names = set(scope.get_globals())
            set_later |= {name for name in names & declared if scope.lookup(name).is_assigned()}
        else:
            names = {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
        (now if at_once else later).update(names)
        waiting += [(child, at_once) for child in scope.get_children()]
    return now, later, set_later


def _stand_in(cell: Cell, name: str, line: int, error: BaseException, is_stub: bool = False) -> Statement:
    """A function that says, once it is called, what is wrong with the definition that should stand there."""
    why = getattr(error, "msg", None) or "too deeply nested"
    place = f"cell {cell.number}, line {line}" if cell.number else f"line {line}"
    message = sanitized(f"{place}: {why}", 300)
    lines = _lines_of(cell.text)
    there = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    text = f"def {name}(*_arguments, **_named): raise SyntaxError({message!r}){_STANDS_FOR}{sanitized(there, 300)}"
    return Statement(cell, line, text, None, "", frozenset({name}), is_stub=is_stub)


@lru_cache(maxsize=2)
def _lines_of(text: str) -> list[str]:
    """The lines of a cell: asked for once for each of its stand-ins, which may be thousands."""
    return text.split("\n")


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
