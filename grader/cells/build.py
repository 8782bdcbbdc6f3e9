"""Modules built from a notebook: the exercises' definitions, and what these need."""

from __future__ import annotations

import ast

from grader.cells.notebook import Cell
from grader.cells.parts import part_ends
from grader.cells.sought import Sought, SoughtExercise
from grader.cells.source import Line, ModuleSource
from grader.cells.statements import Statement, calls_at_once, read_statements


def build_modules(cells: list[Cell], lesson: Sought) -> tuple[dict[str, ModuleSource], dict[str, str]]:
    """The assignment's modules as the notebook has them, and a sentence for each module that is not in it."""
    notebook = _Notebook(cells, lesson)
    modules: dict[str, ModuleSource] = {}
    problems: dict[str, str] = {}
    for module in lesson.modules:
        chosen = notebook.chosen_in(module)
        if chosen:
            modules[module] = _write(module, notebook.statements, notebook.with_needs(chosen, module))
        else:
            wanted = ", ".join(e.function for e in lesson.exercises.values() if e.module == module)
            problems[module] = f"The part on {module} was not found in the notebook; expected definitions of {wanted}."
    return modules, problems


class _Notebook:
    def __init__(self, cells: list[Cell], lesson: Sought) -> None:
        self._exercises = list(lesson.exercises.values())
        self._functions = {e.function for e in self._exercises}
        self._tagged = grade_ids(lesson)
        functions = {tag: lesson.exercises[id].function for tag, id in self._tagged.items()}
        self.statements = read_statements(cells, functions)
        self._ends = part_ends(cells, self.statements, self._tagged, lesson)
        self._own = {name for s in self.statements if s.is_function_like for name in s.binds}
        self._at = {statement: i for i, statement in enumerate(self.statements)}
        self._runs: dict[Statement, bool] = {}
        self._binding: dict[str, list[Statement]] = {}
        for statement in self.statements:
            for name in statement.binds:
                self._binding.setdefault(name, []).append(statement)

    def chosen_in(self, module: str) -> list[Statement]:
        found = [self._chosen(exercise) for exercise in self._exercises if exercise.module == module]
        return [statement for statements in found for statement in statements]

    def with_needs(self, chosen: list[Statement], module: str) -> set[Statement]:
        """These statements and, by name, all that they need, and that needs in turn."""
        kept: set[Statement] = set()
        waiting = list(chosen)
        asked: set[str] = set()
        while waiting:
            statement = waiting.pop()
            if statement in kept:
                continue
            kept.add(statement)
            for name in statement.reads - asked:
                asked.add(name)
                waiting.extend(self._providers(name, module))
        return kept

    def _providers(self, name: str, module: str) -> list[Statement]:
        """What has to run for a name to be there: of an exercise of this module the one definition, else everything."""
        for exercise in self._exercises:
            if exercise.function == name and exercise.module == module:
                return self._chosen(exercise)
        everywhere = [s for s in self._binding.get(name, []) if self._may_run(s)]
        found = [s for s in everywhere if self._is_in_part(s, module)] or everywhere
        return [s for s in found if s.node] or found

    def _chosen(self, exercise: SoughtExercise) -> list[Statement]:
        """The exercise's definition, with those before it that it reads at once (`mse = wrapped(mse)`)."""
        named = [s for s in self._binding.get(exercise.function, []) if self._defines(s)]
        chosen = self._choice(exercise, named)
        if chosen is None:
            return []
        found = [chosen]
        for before in reversed(named[: named.index(chosen)]):
            if exercise.function not in found[-1].reads_at_once:
                break
            found.append(before)
        return found

    def _choice(self, exercise: SoughtExercise, named: list[Statement]) -> Statement | None:
        tagged = [s for s in named if self._tagged.get(s.cell.tag) == exercise.id]
        if tagged:
            return tagged[-1]
        part = [s for s in named if self._is_in_part(s, exercise.module)]
        choices = [
            [s for s in part if s.node],
            part,
            [s for s in named if s.node and s.is_function_like],
            [s for s in named if not s.node],
        ]
        if self._ends[exercise.module] is None:
            # Without an end to the part, `model = nn.Linear(3, 2)` may be anything: a definition is more likely.
            choices.insert(0, [s for s in part if s.node and not self._is_foreign_call(s)])
        return next((choice[-1] for choice in choices if choice), None)

    def _is_in_part(self, statement: Statement, module: str) -> bool:
        end = self._ends[module]
        return end is None or self._at[statement] < end

    def _defines(self, statement: Statement) -> bool:
        return statement.is_function_like or (
            isinstance(statement.node, ast.Assign | ast.AnnAssign) and self._may_run(statement)
        )

    def _may_run(self, statement: Statement) -> bool:
        """Whether the statement may be run for the names that it binds: nothing that calls an exercise."""
        if statement.is_function_like:
            return True
        if statement.node is None or statement.is_import:
            return False
        if statement not in self._runs:
            self._runs[statement] = not calls_at_once(statement.node, self._functions)
        return self._runs[statement]

    def _is_foreign_call(self, statement: Statement) -> bool:
        value = statement.node.value if isinstance(statement.node, ast.Assign | ast.AnnAssign) else None
        if not isinstance(value, ast.Call):
            return False
        return not (isinstance(value.func, ast.Name) and value.func.id in self._own)


def grade_ids(lesson: Sought) -> dict[str, str]:
    """The exercise that a cell's tag stands for: its id, its function's name, or that with its module's."""
    exercises = list(lesson.exercises.values())
    tags: dict[str, str] = {}
    for exercise in exercises:
        tags[f"{exercise.module}.{exercise.function}"] = exercise.id
        tags.setdefault(exercise.function, exercise.id)
    return tags | {exercise.id: exercise.id for exercise in exercises}


def _write(module: str, statements: list[Statement], kept: set[Statement]) -> ModuleSource:
    """Imports come first, so that cells may lie in any order; all of them, but those not needed may fail."""
    needed = {name for statement in kept for name in statement.reads}
    imports = [s for s in statements if s.is_import]
    out: list[tuple[str, Line]] = []
    for statement in sorted(imports, key=lambda s: not _is_future(s)):
        is_needed = _is_future(statement) or bool(statement.binds & needed)
        out += _lines(statement) if is_needed else _guarded(statement)
    for statement in statements:
        if statement in kept:
            out += _lines(statement)
    text = "".join(f"{line}\n" for line, _ in out)
    return ModuleSource(module, text, tuple(place for _, place in out))


def _is_future(statement: Statement) -> bool:
    return isinstance(statement.node, ast.ImportFrom) and statement.node.module == "__future__"


def _lines(statement: Statement) -> list[tuple[str, Line]]:
    is_stand_in = statement.node is None
    return [
        (line, Line(statement.cell.number, statement.line + (0 if is_stand_in else i)))
        for i, line in enumerate(statement.text.split("\n"))
    ]


def _guarded(statement: Statement) -> list[tuple[str, Line]]:
    """An import that no exercise needs: a plotting library that is not installed here must not cost a point."""
    at = Line(statement.cell.number, statement.line)
    inner = [(f"    {line}", place) for line, place in _lines(statement)]
    return [("try:", at), *inner, ("except Exception:", at), ("    pass", at)]
