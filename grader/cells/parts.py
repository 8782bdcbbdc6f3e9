"""Where the part of a notebook on each module ends, that is, where the part on the next one begins."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from grader.cells.notebook import Cell
from grader.cells.sought import Sought
from grader.cells.statements import Statement

_HEADING = re.compile(r" {0,3}#{1,6}")
_LONGEST_PATH = 200  # of an import: each use of it is spelled out


def part_ends(
    cells: list[Cell], statements: list[Statement], tagged: Mapping[str, str], lesson: Sought
) -> dict[str, int | None]:
    """For each module the number of statements up to the end of its part; None when no end is to be seen.

    The next part begins where a cell is tagged with one of its exercises (`tagged` is the exercise of a grade id), a
    heading has one of its landmarks, or code mentions one, outside imports and definitions of earlier exercises.
    Nothing counts that comes before the first such definition: a title such as "From scratch and with PyTorch's own
    parts" begins no part.
    """
    modules = list(lesson.modules)
    ends: dict[str, int | None] = {}
    full_names = _full_names(statements)
    numbers = [s.cell.number for s in statements]
    for k, module in enumerate(modules):
        earlier = {e.function for e in lesson.exercises.values() if e.module in modules[: k + 1]}
        later = {e.id for e in lesson.exercises.values() if e.module in modules[k + 1 :]}
        landmarks = [mark for m in modules[k + 1 :] for mark in lesson.modules[m].notebook_landmarks]
        titles = [_plain(mark) for mark in landmarks]
        begins = sorted(
            [bisect_left(numbers, cell.number) for cell in cells if tagged.get(cell.tag) in later]
            + [bisect_left(numbers, cell.number) for cell in cells if not cell.is_code and _heads(cell, titles)]
            + [i for i, s in enumerate(statements) if _mentions(s, landmarks, earlier, full_names)]
        )
        defined = next((i for i, s in enumerate(statements) if s.is_function_like and s.binds & earlier), -1)
        ends[module] = next((i for i in begins if i > defined), None)
    return ends


def _heads(cell: Cell, titles: list[str]) -> bool:
    if not titles:
        return False
    headings = (_plain(line) for line in cell.text.split("\n") if _HEADING.match(line))
    return any(title in heading for heading in headings for title in titles)


def _mentions(statement: Statement, landmarks: list[str], earlier: set[str], full_names: Mapping[str, str]) -> bool:
    if statement.node is None or statement.is_import or (statement.is_function_like and statement.binds & earlier):
        return False
    comment = _plain(statement.comment)
    if any(_plain(mark) in comment for mark in landmarks if not _is_code(mark)):
        return True
    marks = [f".{mark}." for mark in landmarks if _is_code(mark)]
    return any(mark in f".{name}." for name in _names(statement.node, full_names) for mark in marks)


def _names(node: ast.AST, full_names: Mapping[str, str]) -> Iterator[str]:
    """Every dotted name in the code, in full: with `from torch import optim`, `optim.SGD` is `torch.optim.SGD`.

    Of `a.b.c` only the whole and not `a.b`: a chain may be thousands of names long.
    """
    waiting: list[ast.AST] = [node]
    while waiting:
        found = waiting.pop()
        parts: list[str] = []
        while isinstance(found, ast.Attribute):
            parts.append(found.attr)
            found = found.value
        if isinstance(found, ast.Name):
            yield ".".join([full_names.get(found.id, found.id), *reversed(parts)])
        else:
            waiting.extend(ast.iter_child_nodes(found))


def _full_names(statements: list[Statement]) -> dict[str, str]:
    """What imported names stand for. No landmark is in a path that nobody would write."""
    names: dict[str, str] = {}
    for node in [node for s in statements if s.node for node in ast.walk(s.node)]:
        if isinstance(node, ast.Import):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return {name: path for name, path in names.items() if len(path) <= _LONGEST_PATH}


def _is_code(landmark: str) -> bool:
    return all(part.isidentifier() for part in landmark.split("."))


def _plain(text: str) -> str:
    return text.replace("\u2019", "'").casefold()
