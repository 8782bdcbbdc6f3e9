"""The text of one module of a submission, as written or put together from statements, and where each line came from."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.core.records import NotReadError
from grader.core.sanitize import sanitized
from grader.reading.parsing import endless_name
from grader.reading.statements import Statement, own_line

NOTEBOOK = "the notebook"


@dataclass(frozen=True)
class Line:
    """Where a line of a built module stands in its notebook. Cells of every kind count, from 1; lines too."""

    cell: int
    line: int


@dataclass(frozen=True)
class ModuleSource:
    """One module as text: `\\n` line ends, no BOM, no NUL, always storable as UTF-8.

    A coding cookie is left in the text, so the text is to be compiled as a `str`, not written to a file and read again.
    `lines` has an entry for each line of a module that was built from a notebook, and is empty for a file. `not_run`
    are sentences on what the text would need, and is not in it because it is never run.
    """

    name: str
    text: str
    lines: tuple[Line, ...] = ()
    not_run: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What the learner calls the file that holds it: "from_scratch.py", or "the notebook"."""
        return NOTEBOOK if self.lines else f"{self.name}.py"

    def place(self, line: int) -> tuple[int, int | None]:
        """Where line `line` of `text` was written: its line in the file, or its line in a cell, and that cell."""
        if not self.lines:
            return line, None
        place = self.lines[min(max(line, 1), len(self.lines)) - 1]
        return place.line, place.cell

    def written(self) -> list[tuple[int, int | None, str]]:
        """Its lines as the learner wrote them, with their number in the file, or in a cell, and that cell.

        Of a notebook they come in its order, without what was added to them.
        """
        texts = self.text.removesuffix("\n").split("\n")  # as Python counts them; splitlines() would end some at U+2028
        if not self.lines:
            return [(number, None, text) for number, text in enumerate(texts, 1)]
        found: list[tuple[int, int | None, str]] = []
        times, guarded = Counter(self.lines), False
        for place, text in zip(self.lines, texts, strict=False):
            if times[place] > 1 and (text in _ADDED or text.startswith("__name__ = ")):
                guarded = text == _TRY
            else:
                found.append((place.line, place.cell, own_line(text[len(_INDENT) :] if guarded else text)))
        return sorted(found, key=lambda each: (each[1], each[0]))

    def locate(self, line: int) -> str:
        """The same in words: "from_scratch.py, line 31", or "cell 5, line 3"."""
        number, cell = self.place(line)
        return f"{self.name}.py, line {number}" if cell is None else f"cell {cell}, line {number}"


def decode(data: bytes, shown: str) -> str:
    """The text of a Python file, as Python itself would read it. `shown` is its name, for the reader."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotReadError(f"{shown} is saved as UTF-16; expected UTF-8. Save it as UTF-8 and hand it in again.")
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        _decode(data, "utf-8", shown)  # when a byte is to blame rather than the cookie, that is said
        raise NotReadError(
            f"{shown} names an encoding that can't be used ({sanitized(error, 80)}). Save it as UTF-8 and hand it in "
            "again."
        ) from error
    text = _decode(data, encoding, shown).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise NotReadError(f"{shown} has a NUL byte in line {line}; expected Python text. Save it again as UTF-8.")
    if not storable(text):
        raise NotReadError(f"{shown} holds half a character (a lone surrogate). Save it as UTF-8 and hand it in again.")
    if endless := endless_name(text):  # this process parses it as well, to say where something is
        raise NotReadError(f"{shown} has a name with too many dots in line {endless}. Shorten it and hand it in again.")
    return text


def storable(text: str) -> bool:
    """Whether the text can be written as UTF-8, that is, has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decode(data: bytes, encoding: str, shown: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some codecs warn of what they read
            return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"0x{data[error.start]:02x}" if error.start < len(data) else "an early end"
        raise NotReadError(
            f"{shown} is not valid {encoding} text: line {line} holds {found}. Save it as UTF-8 and hand it in again."
        ) from error
    except (LookupError, ValueError) as error:
        raise NotReadError(
            f"{shown} names an encoding that can't be used ({encoding}). Save it as UTF-8 and hand it in again."
        ) from error


# What IPython has ready in every notebook: each as a line that does no harm.
HARMLESS = {
    "display": "def display(*_shown, **_how): pass",
    "get_ipython": "class get_ipython: __getattr__ = lambda _self, _name: lambda *_given, **_named: None",
}
_TRY, _EXCEPT, _INDENT = "try:", "except Exception:", "    "
_ADDED = frozenset((_TRY, _EXCEPT, f"{_INDENT}pass", *HARMLESS.values()))


@dataclass(frozen=True)
class Kept:
    """What a module consists of: statements, the names that imports are needed for, and names that are ready-made."""

    statements: Collection[Statement]
    imported: frozenset[str]
    stars: bool = False
    ready: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Segment:
    """Some lines of a module: those of a statement, or of what is ready-made (`name`)."""

    lines: tuple[tuple[str, Line], ...]
    statement: Statement | None = None
    name: str = ""


def segments(module: str, imports: Sequence[Statement], kept: Kept, others: Sequence[Statement]) -> list[Segment]:
    """A whole module built from a notebook. `others` are the statements that are no imports, in order.

    Imports come first, so that cells may lie in any order; all of them, but those not needed may fail. So may a line
    that gives a name another meaning than it has: what the cells above it did is not run.
    """
    imports = sorted(imports, key=lambda s: not _is_future(s))
    start = [Segment(tuple(_lines(s)), s) for s in imports if _is_future(s)]
    places = [*imports, *others][:1]
    ready = [
        Segment(((HARMLESS[name], Line(place.cell.number, place.line)),), name=name)
        for place in places
        for name in sorted(kept.ready)
    ]
    found = [*start, *ready]
    for statement in imports[len(start) :]:
        is_needed = bool(statement.binds & kept.imported)
        found.append(Segment(tuple(_lines(statement) if is_needed else _guarded(statement)), statement))
    known: set[str] = set(kept.imported)
    for statement in others:
        if statement not in kept.statements:
            continue
        again = (statement.binds | statement.does.changes) <= known
        known |= statement.binds
        may_fail = again and not statement.is_function_like and not _has_long_text(statement)
        lines = _guarded(statement) if may_fail else _lines(statement)
        if "__name__" in statement.reads_at_once and not statement.cell.module:  # in a notebook it is always the same
            at = Line(statement.cell.number, statement.line)
            lines = [("__name__ = '__main__'", at), *lines, (f"__name__ = {module!r}", at)]
        found.append(Segment(tuple(lines), statement))
    return found


def as_module(
    module: str, parts: Sequence[Segment], kept: Kept | None = None, not_run: Sequence[str] = ()
) -> ModuleSource:
    """The module with these segments, or as much of it as is kept, on the same lines."""
    out: list[tuple[str, Line]] = []
    for part in parts:
        out += part.lines if kept is None else _reduced(part, kept)
    if kept is not None:
        end = max((i for i, (line, _) in enumerate(out, 1) if line), default=1)
        out = out[:end]
    text = "".join(f"{line}\n" for line, _ in out)
    return ModuleSource(module, text, tuple(place for _, place in out), tuple(not_run))


def as_file(whole: ModuleSource, kept: Kept, statements: Sequence[Statement], not_run: Sequence[str]) -> ModuleSource:
    """What is kept of a module that is a file, on the same lines."""
    lines = [""] * (whole.text.count("\n") + 1)
    for statement in statements:
        if statement.is_import:
            found = _needed_imports(statement, kept)
            text = found if isinstance(found, str) else statement.text
        elif statement in kept.statements:
            text = statement.text
        else:
            continue
        for i, line in enumerate(text.split("\n"), statement.line - 1):
            lines[i] = f"{lines[i]}; {line}" if lines[i] and line else lines[i] or line
    return ModuleSource(whole.name, "\n".join(lines).rstrip("\n") + "\n", (), tuple(not_run))


def _reduced(part: Segment, kept: Kept) -> list[tuple[str, Line]]:
    statement = part.statement
    blank = [("", place) for _, place in part.lines]
    if statement is None:
        return list(part.lines) if part.name in kept.ready else blank
    if not statement.is_import:
        return list(part.lines) if statement in kept.statements else blank
    text = _needed_imports(statement, kept)
    if text is None:
        return list(part.lines)
    return [(text, blank[0][1]), *blank[1:]]


def _needed_imports(statement: Statement, kept: Kept) -> str | None:
    """The import with only those of its names that are needed, on one line; None where it stays as it is."""
    node = statement.node
    if _is_future(statement):
        return None
    if isinstance(node, ast.ImportFrom):
        if any(alias.name == "*" for alias in node.names):
            return None if kept.stars else ""
        names = [alias for alias in node.names if (alias.asname or alias.name) in kept.imported]
        origin = "." * node.level + (node.module or "")
        return f"from {origin} import {_aliases(names)}" if names else ""
    if isinstance(node, ast.Import):
        names = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) in kept.imported]
        return f"import {_aliases(names)}" if names else ""
    return ""


def _aliases(names: Sequence[ast.alias]) -> str:
    return ", ".join(f"{each.name} as {each.asname}" if each.asname else each.name for each in names)


def _is_future(statement: Statement) -> bool:
    return isinstance(statement.node, ast.ImportFrom) and statement.node.module == "__future__"


def _lines(statement: Statement) -> list[tuple[str, Line]]:
    return [
        (line, Line(statement.cell.number, statement.line + i)) for i, line in enumerate(statement.text.split("\n"))
    ]


def _guarded(statement: Statement) -> list[tuple[str, Line]]:
    """What may fail: a plotting library that no exercise needs and that is not installed must not cost a point."""
    at = Line(statement.cell.number, statement.line)
    inner = [(f"{_INDENT}{line}", place) for line, place in _lines(statement)]
    return [(_TRY, at), *inner, (_EXCEPT, at), (f"{_INDENT}pass", at)]


def _has_long_text(statement: Statement) -> bool:
    """Whether a text in it goes over several lines: indented, it would be another."""
    if statement.node is None or "\n" not in statement.text:
        return False
    texts = (node for node in ast.walk(statement.node) if isinstance(node, ast.Constant | ast.JoinedStr))
    return any(node.lineno != node.end_lineno for node in texts)
