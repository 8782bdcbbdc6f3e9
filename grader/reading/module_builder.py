"""Modules built from a notebook, and what one exercise consists of by itself, in a notebook or in files."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.core.assignment import Assignment, Exercise
from grader.reading.execution import ExecutionPlan
from grader.reading.module_text import HARMLESS, Kept, ModuleSource, as_file, as_module, segments
from grader.reading.notebook_cells import Cell, with_files
from grader.reading.selection import Choice
from grader.reading.statements import Statement, read_statements

Alone = dict[str, dict[str, ModuleSource]]
_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
_MOST_SENTENCES = 3


def build_modules(cells: list[Cell], sought: Assignment) -> tuple[dict[str, ModuleSource], dict[str, str], Alone]:
    """The lesson's modules as a notebook has them, a sentence for each module that is not in it, and what each exercise
    consists of by itself: of the modules only what its function reaches, on the same lines.

    Raises `NotReadError`.
    """
    tagged = grade_ids(sought)
    cells = with_files(cells, sought.modules)
    statements = read_statements(cells, {tag: sought.exercises[id].function for tag, id in tagged.items()})
    running = ExecutionPlan(statements, [e.function for e in sought.exercises.values()])
    notebook = _Notebook(running, sought, Choice(cells, running, tagged, sought))
    reached = {id: notebook.reached(exercise) for id, exercise in sought.exercises.items()}
    modules: dict[str, ModuleSource] = {}
    problems: dict[str, str] = {}
    parts = {}
    for module in sought.modules:
        functions = [e.function for e in sought.exercises.values() if e.module == module]
        if any(notebook.defines(module, function) for function in functions):
            kept = _together([each.kept[module] for each in reached.values() if module in each.kept])
            others = [s for s in running.statements if not s.is_import]
            parts[module] = segments(module, notebook.imports_of(module), kept, others)
            modules[module] = as_module(module, parts[module])
        else:
            wanted = ", ".join(functions)
            problems[module] = f"The part on {module} was not found in the notebook; expected definitions of {wanted}."
    alone: Alone = {
        id: {
            module: as_module(module, parts[module], found.kept[module], found.not_run)
            for module in modules
            if module in found.kept
        }
        for id, found in reached.items()
    }
    return modules, problems, alone


def alone_sources(modules: Mapping[str, ModuleSource], sought: Assignment) -> Alone:
    """What each exercise consists of by itself: of modules that are files only what its function reaches, on the same
    lines. A definition that isn't Python has a stand-in which says so when it is called.

    Raises `NotReadError`.
    """
    names = [name for name in sought.modules if name in modules]
    cells = [Cell(0, is_code=True, text=modules[name].text, module=name) for name in names]
    running = ExecutionPlan(read_statements(cells, {}), [e.function for e in sought.exercises.values()])
    files = _ModuleFiles(running, sought)
    of_module = {name: [s for s in running.statements if s.cell.module == name] for name in names}
    return {
        id: {
            name: as_file(modules[name], found.kept[name], of_module[name], found.not_run)
            for name in names
            if name in found.kept
        }
        for id, found in ((id, files.reached(exercise)) for id, exercise in sought.exercises.items())
    }


def grade_ids(lesson: Assignment) -> dict[str, str]:
    """The exercise that a cell's tag stands for: its id, its function's name, or that with its module's."""
    exercises = list(lesson.exercises.values())
    tags: dict[str, str] = {}
    for exercise in exercises:
        tags[f"{exercise.module}.{exercise.function}"] = exercise.id
        tags.setdefault(exercise.function, exercise.id)
    return tags | {exercise.id: exercise.id for exercise in exercises}


@dataclass(frozen=True)
class _Reached:
    """What an exercise reaches in each module, and sentences on what of it is not run."""

    kept: dict[str, Kept] = field(default_factory=dict)
    not_run: tuple[str, ...] = ()


class _ModuleFiles:
    """What exercises reach by names, in modules that are files: a name stands for all that builds it in its file."""

    def __init__(self, running: ExecutionPlan, sought: Assignment) -> None:
        self._running = running
        self._order = list(sought.modules)
        self._sought = sought.exercises
        self._imports: dict[str, list[Statement]] = {module: [] for module in self._order}
        for statement in running.statements:
            if statement.is_import:
                for module in self._order:
                    if self._may_import(statement, module):
                        self._imports[module].append(statement)
        self._explicit = {
            module: {name: s for s in found for name in s.binds} for module, found in self._imports.items()
        }

    def imports_of(self, module: str) -> list[Statement]:
        """The imports in a module: not of itself or of a later one."""
        return self._imports[module]

    def reached(self, exercise: Exercise) -> _Reached:
        """What an exercise's function reaches, with the classes that it needs: checks give it objects of theirs."""
        wanted = {exercise.module: {exercise.function}}
        for need in self._classes(exercise, {exercise.id}):
            wanted.setdefault(need.module, set()).add(need.function)
        kept: dict[str, Kept] = {}
        sentences: list[str] = []
        for module in reversed(self._order[: self._order.index(exercise.module) + 1]):
            if module in wanted:
                kept[module], names = self._kept(module, wanted[module])
                sentences += self._not_run(exercise.function, names - wanted[module])
                for earlier, more in self._asked_of_earlier(module, kept[module], names).items():
                    wanted.setdefault(earlier, set()).update(more)
        order = [module for module in self._order if module in kept]
        return _Reached({module: kept[module] for module in order}, tuple(sentences[:_MOST_SENTENCES]))

    def _classes(self, exercise: Exercise, seen: set[str]) -> Iterator[Exercise]:
        for need in (self._sought[name] for name in exercise.needs):
            if need.id not in seen:
                seen.add(need.id)
                if any(isinstance(s.node, ast.ClassDef) for s in self.builders(need.function, need.module)):
                    yield need
                yield from self._classes(need, seen)

    def builders(self, name: str, module: str) -> list[Statement]:
        """What has to run for a name to be there."""
        found = self._running.building.get(name, [])
        return [s for s in found if s.cell.module == module and self._running.runs(s)]

    def _kept(self, module: str, wanted: Iterable[str]) -> tuple[Kept, set[str]]:
        """The statements that build these names, and what they need, and that needs in turn; and all names in them."""
        statements: set[Statement] = set()
        asked = set(wanted)
        waiting = list(asked)
        missing: set[str] = set()
        again: set[str] = set()
        while waiting:
            name = waiting.pop()
            found = self.builders(name, module)
            if not found:
                missing.add(name)
            for statement in found:
                if name in statement.reads_at_once:
                    again.add(name)
                if statement not in statements:
                    statements.add(statement)
                    waiting += statement.reads - asked
                    asked |= statement.reads
        imported = self._explicit[module].keys() & (missing | again)
        unknown = missing - imported - _BUILTINS
        ready = frozenset(unknown & HARMLESS.keys())
        return Kept(statements, frozenset(imported), bool(unknown - ready), ready), asked

    def _asked_of_earlier(self, module: str, kept: Kept, names: set[str]) -> dict[str, set[str]]:
        """The names that what is kept of a module takes from modules before it."""
        asked: dict[str, set[str]] = {}
        earlier = self._order[: self._order.index(module)]
        here = {id(s.node) for s in self._imports[module]}
        nodes: list[ast.AST] = []
        if any(name in s.text for name in earlier for s in (*kept.statements, *self._imports[module])):
            nodes = [node for s in kept.statements if s.node for node in ast.walk(s.node)]
        for node in [*(s.node for s in self._imports[module]), *nodes]:
            for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
                origin = _origin(node, alias)
                bound = alias.asname or alias.name.split(".")[0]
                if origin not in earlier:
                    continue
                if alias.name == "*" and kept.stars:
                    asked.setdefault(origin, set()).update(names)
                elif id(node) in here and bound not in kept.imported:
                    continue
                elif isinstance(node, ast.ImportFrom):
                    asked.setdefault(origin, set()).add(alias.name)
                else:
                    asked.setdefault(origin, set()).update(self._used_of(bound, origin, nodes))
        return asked

    def _used_of(self, name: str, module: str, nodes: Sequence[ast.AST]) -> set[str]:
        """What is used of a module by a name that it was imported as; all functions, where it is used as a whole."""
        used = {node.attr: node.value for node in nodes if isinstance(node, ast.Attribute) and _is(node.value, name)}
        owners = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
        if any(_is(node, name) and id(node) not in owners for node in nodes):
            functions = (s for s in self._running.statements if s.cell.module in ("", module) and s.is_function_like)
            return {each for statement in functions for each in statement.binds}
        return set(used)

    def _not_run(self, function: str, names: Iterable[str]) -> list[str]:
        found = [(name, self._running.not_run[name]) for name in names if name in self._running.not_run]
        sentences = []
        for name, line in sorted(found, key=lambda each: (each[1].cell.number, each[1].line, each[0])):
            if any(s.is_function_like for s in self._running.building.get(name, ())):
                continue
            place = f"cell {line.cell.number}, line {line.line}" if line.cell.number else f"line {line.line}"
            sentences.append(
                f"{function} uses {name}, which {place} sets. That line was not run: {line.why}. "
                "Code outside of functions is not run when it trains, calls an exercise or needs the result of such "
                "code."
            )
        return sentences

    def _may_import(self, statement: Statement, module: str) -> bool:
        if statement.cell.module not in ("", module):
            return False
        node = statement.node
        aliases = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
        origins = {_origin(node, alias) for alias in aliases}
        return not origins & set(self._order[self._order.index(module) :])


class _Notebook(_ModuleFiles):
    """The same in a notebook, where an exercise has one definition, and other names are looked for in all cells."""

    def __init__(self, running: ExecutionPlan, sought: Assignment, choice: Choice) -> None:
        super().__init__(running, sought)
        self._choice = choice
        self._exercises = list(sought.exercises.values())

    def defines(self, module: str, function: str) -> bool:
        """Whether the notebook has the function of an exercise in this module."""
        return bool(self.builders(function, module)) or function in self._explicit[module]

    def builders(self, name: str, module: str) -> list[Statement]:
        """What has to run for a name to be there: of an exercise of this module the one definition."""
        of_name = [each for each in self._exercises if each.function == name]
        for exercise in of_name:
            if exercise.module == module:
                return self._choice.of(exercise)
        if self._is_from_earlier(name, module):
            return []
        everywhere = [s for s in self._running.building.get(name, []) if self._running.runs(s)]
        if of_name:
            everywhere = [s for s in everywhere if not self._choice.is_stub(s, name)] or everywhere
        found = [s for s in everywhere if self._choice.is_in_part(s, module)] or everywhere
        return [s for s in found if s.node] or found

    def _is_from_earlier(self, name: str, module: str) -> bool:
        """Whether a module imports the name from one before it, so that the notebook's own need not be copied."""
        statement = self._explicit[module].get(name)
        node = statement.node if statement else None
        if not isinstance(node, ast.ImportFrom) or node.module not in self._order or not statement:
            return False
        return self._choice.is_in_part(statement, module)


def _together(parts: Sequence[Kept]) -> Kept:
    statements = {statement for part in parts for statement in part.statements}
    names = frozenset(name for part in parts for name in part.imported)
    ready = frozenset(name for part in parts for name in part.ready)
    return Kept(statements, names, any(part.stars for part in parts), ready)


def _origin(node: ast.AST | None, alias: ast.alias) -> str:
    """The module that an import takes something from, as far as its first part."""
    if isinstance(node, ast.ImportFrom):
        return "" if node.level else (node.module or "")
    return alias.name.split(".")[0]


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
