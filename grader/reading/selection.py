"""Which of a notebook's definitions counts for an exercise, and where each module's part of the notebook ends."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from grader.core.assignment import Assignment, Exercise
from grader.reading.completion import definitions, may_be_a_function
from grader.reading.execution import ExecutionPlan
from grader.reading.notebook_cells import Cell
from grader.reading.statements import Statement

_HEADING = re.compile(r" {0,3}#{1,6}")
_LONGEST_PATH = 200  # of an import: each use of it is spelled out


def part_ends(
    cells: list[Cell], statements: list[Statement], tagged: Mapping[str, str], lesson: Assignment
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


class Choice:
    """The definitions that count: of an exercise's own cell, unless it holds the stub, else the last in its part."""

    def __init__(
        self, cells: list[Cell], running: ExecutionPlan, tagged: Mapping[str, str], sought: Assignment
    ) -> None:
        self._running = running
        self._tagged = tagged
        self._ends = part_ends(cells, running.statements, tagged, sought)
        self._at = {statement: i for i, statement in enumerate(running.statements)}
        self._own = {name for s in running.statements if s.is_function_like for name in s.binds}
        self._chosen: dict[str, list[Statement]] = {}

    def of(self, exercise: Exercise) -> list[Statement]:
        """The definition, with those before it that it reads at once (`mse = wrapped(mse)`); none when there is none.

        What sets attributes of the function comes with it.
        """
        if exercise.id not in self._chosen:
            self._chosen[exercise.id] = self._find(exercise)
        return self._chosen[exercise.id]

    def is_in_part(self, statement: Statement, module: str) -> bool:
        """Whether a statement belongs to what is written for this module."""
        if statement.cell.module:
            return statement.cell.module == module
        end = self._ends[module]
        return end is None or self._at[statement] < end

    def is_stub(self, statement: Statement, name: str) -> bool:
        """Whether a statement that binds a name only says that it is still to do."""
        if statement.node is None:
            return statement.is_stub
        return dict(definitions([statement.node])).get(name) is False

    def _find(self, exercise: Exercise) -> list[Statement]:
        name = exercise.function
        building = self._running.building.get(name, [])
        named = [s for s in building if self._defines(s, name)]
        chosen = self._choice(exercise, named)
        if chosen is None:
            return []
        found = [chosen]
        for before in reversed(named[: named.index(chosen)]):
            if name not in found[-1].reads_at_once or isinstance(found[-1].node, ast.If | ast.Try):
                break
            found.append(before)
        after = building[building.index(chosen) + 1 :]
        return found + [
            s
            for s in after
            if name in s.does.attributes and s not in named and self._running.runs(s)
            and self.is_in_part(s, exercise.module)
        ]  # fmt: skip

    def _choice(self, exercise: Exercise, named: list[Statement]) -> Statement | None:
        tagged = [s for s in named if self._tagged.get(s.cell.tag) == exercise.id]
        part = [s for s in named if self.is_in_part(s, exercise.module)]
        choices = [
            tagged,
            [s for s in part if s.node and self._is_surely_one(s)],
            [s for s in part if s.node],
            part,
            [s for s in named if s.node and s.is_function_like],
            [s for s in named if not s.node],
        ]
        if self._ends[exercise.module] is not None:
            # Where the part's end is known, `model = make(3, 2)` before it is as good as any other definition. Without
            # an end it may be anything: what is surely a function is likelier.
            del choices[1]
        stubs = {s for s in named if self.is_stub(s, exercise.function)}
        written = [[s for s in choice if s not in stubs] for choice in choices]
        return next((choice[-1] for choice in [*written, *choices] if choice), None)

    def _defines(self, statement: Statement, name: str) -> bool:
        """Whether a statement may be what makes the exercise's function."""
        node = statement.node
        if statement.is_function_like:
            return name in statement.binds
        if node is None or not self._running.runs(statement) or name not in dict(definitions([node])):
            return False
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(_single(node), ast.Name):
            return may_be_a_function(node.value)
        return True

    def _is_surely_one(self, statement: Statement) -> bool:
        value = statement.node.value if isinstance(statement.node, ast.Assign | ast.AnnAssign) else None
        if not isinstance(value, ast.Call):
            return True
        return isinstance(value.func, ast.Name) and value.func.id in self._own


def _single(node: ast.Assign | ast.AnnAssign) -> ast.expr | None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return targets[0] if len(targets) == 1 else None
