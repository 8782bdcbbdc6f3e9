"""A notebook on the disk, checked as the grading reads it: the modules that are built of its definitions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.core.assignment import Assignment
from grader.core.sanitize import sanitized
from grader.reading.completion import written
from grader.reading.module_builder import build_modules, grade_ids
from grader.reading.module_text import ModuleSource
from grader.reading.notebook_cells import read_cells
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.selfcheck.in_process import FunctionSource, InProcess, LearnerFiles, Modules
from grader.selfcheck.time_limits import TimeLimit


@dataclass(frozen=True)
class SavedNotebook:
    """What a notebook holds of a lesson: modules, a sentence for each that is not in it, the ids of exercises that are
    begun in it, and by module and function what each exercise consists of by itself.
    """

    path: Path
    modules: Mapping[str, ModuleSource]
    problems: Mapping[str, str]
    written: frozenset[str]
    alone: Mapping[tuple[str, str], Mapping[str, ModuleSource]]


def read_saved(path: Path, data: bytes, lesson: Assignment) -> SavedNotebook:
    """The notebook whose bytes these are. Raises `NotReadError` when the grading could not read it either."""
    tags = grade_ids(lesson)
    cells = read_cells(data, sanitized(path.name, 80), lesson.limits.module_bytes, frozenset(tags))
    modules, problems, alone = build_modules(cells, lesson)
    begun: set[str] = set()
    for exercise in lesson.exercises.values():
        module = modules.get(exercise.module)
        if module and written(module.text, [exercise.function]):
            begun.add(exercise.id)
    named = {(each.module, each.function): alone[each.id] for each in lesson.exercises.values()}
    return SavedNotebook(path, modules, problems, frozenset(begun), named)


class InSavedNotebook(InProcess):
    """Calls the functions of a lesson that are in a saved notebook."""

    def __init__(self, notebook: SavedNotebook, limit: TimeLimit, *, show: bool = False) -> None:
        texts = {name: module.text for name, module in notebook.modules.items()}
        files = _NotebookModules(notebook.path, texts, dict(notebook.problems))
        self._apart = _Apart(notebook, files)
        own = {key: parts[module] for key, (module, parts) in self._apart.parts.items() if module in parts}
        self._sources = dict(notebook.modules) | own
        super().__init__(files, limit, show=show, code=self._apart)

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now, as the grading does: of what this exercise's function reaches."""
        key = f"{call.module}.{call.name}"
        return super().send(replace(call, module=key) if key in self._sources else call)

    def where(self, place: CodeLine) -> str:
        """Where the learner finds a place: `cell 5, line 3`."""
        source = self._sources.get(place.module)
        return source.locate(place.line) if source else super().where(place)

    def written(self, module: str, function: str) -> FunctionSource | None:
        """The source of what an exercise consists of."""
        key = f"{module}.{function.partition('.')[0]}"
        source, names = self._sources.get(key), self._apart.names_of(key)
        return FunctionSource(source.text, names, key) if source and names is not None else None

    def file(self, module: str) -> str:
        """What the learner calls the file that a module is in."""
        source = self._sources.get(module)
        return source.shown if source else super().file(module)


class _NotebookModules(LearnerFiles):
    """Modules that are in no file of their own: tracebacks call them `lesson.ipynb.from_scratch.py`."""

    def path(self, module: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{module}.py")


class _Apart:
    """The exercises of a notebook, each with modules of its own, under the key `module.function`; whole modules under
    their own names."""

    def __init__(self, notebook: SavedNotebook, files: _NotebookModules) -> None:
        self.error: BaseException | None = None
        self.parts = {f"{module}.{function}": (module, parts) for (module, function), parts in notebook.alone.items()}
        self._whole = notebook.modules
        self._files = files
        self._made: dict[str, Modules] = {}
        self._away: dict[str, dict[str, ModuleType]] = {}
        self._now = ""

    def function(self, module: str, name: str, stop: tuple[type[BaseException], ...]) -> Callable[..., Any] | Raised:
        """The function, or what went wrong."""
        return self._ready(module).function(self._module(module), name, stop)

    def imported(self, module: str, stop: tuple[type[BaseException], ...]) -> Raised | None:
        """Import a module now; what went wrong, if anything did."""
        modules = self._ready(module)
        failed = modules.imported(self._module(module), stop)
        self.error = modules.error
        return failed

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data; its places are in the whole modules, whose lines are the same."""
        self.error = error
        return self._made[self._now].raised(stage, error)

    def forget(self) -> None:
        """Take the code out of this process."""
        for modules in self._made.values():
            modules.forget()

    def names_of(self, module: str) -> Mapping[str, Any] | None:
        """The names of a module, or of an exercise's, that was imported."""
        made = self._made.get(module)
        return made.names_of(self._module(module)) if made else None

    def _module(self, key: str) -> str:
        return self.parts[key][0] if key in self.parts else key

    def _ready(self, key: str) -> Modules:
        """The modules of an exercise, with all others out of the way."""
        if key != self._now:
            if self._now:
                names = self._whole.keys() & sys.modules.keys()
                self._away[self._now] = {name: sys.modules[name] for name in names}
                self._made[self._now].forget()
            self._now = key
            if key in self._made:
                sys.modules.update(self._away[key])
                sys.meta_path.insert(0, self._made[key])
            else:
                sources = self.parts[key][1] if key in self.parts else self._whole
                texts = {name: source.text for name, source in sources.items()}
                self._made[key] = Modules(texts, {name: str(self._files.path(name)) for name in texts})
        return self._made[key]
