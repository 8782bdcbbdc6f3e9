"""A notebook on the disk, checked as the grading reads it: the modules that are built of its definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.cells.build import build_modules, grade_ids
from grader.cells.magics import parse_cell
from grader.cells.notebook import Cell, read_cells
from grader.cells.source import ModuleSource
from grader.inert import inert
from grader.selfcheck.course_file import Exercise, Lesson
from grader.selfcheck.in_process import InProcess
from grader.selfcheck.learner_files import LearnerFiles
from grader.selfcheck.time_limit import TimeLimit
from grader.selfcheck.written import written
from grader.wire.messages import Place


@dataclass(frozen=True)
class _Module:
    notebook_landmarks: tuple[str, ...]


@dataclass(frozen=True)
class _Sought:
    modules: Mapping[str, _Module]
    exercises: Mapping[str, Exercise]


@dataclass(frozen=True)
class SavedNotebook:
    """What a notebook holds of a lesson: modules, a sentence for each that is not in it, and the ids of exercises that
    are begun in it.

    `passed_over` are exercises whose own cells are still stubs, while another cell has a definition that won't count.
    """

    path: Path
    modules: Mapping[str, ModuleSource]
    problems: Mapping[str, str]
    written: frozenset[str]
    passed_over: tuple[str, ...]


def read_saved(path: Path, data: bytes, lesson: Lesson) -> SavedNotebook:
    """The notebook whose bytes these are. Raises `NotReadError` when the grading could not read it either."""
    sought = _Sought({module: _Module(lesson.landmarks.get(module, ())) for module in lesson.modules}, lesson.exercises)
    tags = grade_ids(sought)
    cells = read_cells(data, inert(path.name, 80), lesson.sizes.module, frozenset(tags))
    modules, problems = build_modules(cells, sought)
    begun: set[str] = set()
    for exercise in lesson.exercises.values():
        module = modules.get(exercise.module)
        if module and written(module.text, [exercise.function]):
            begun.add(exercise.id)
    rest = [exercise for exercise in lesson.exercises.values() if exercise.id not in begun]
    passed_over = tuple(exercise.id for exercise in rest if any(_defines(cell, exercise) for cell in cells))
    return SavedNotebook(path, modules, problems, frozenset(begun), passed_over)


class InSavedNotebook(InProcess):
    """Calls the functions of a lesson that are in a saved notebook."""

    def __init__(self, notebook: SavedNotebook, limit: TimeLimit, *, show: bool = False) -> None:
        self._sources = notebook.modules
        texts = {name: module.text for name, module in notebook.modules.items()}
        super().__init__(_Files(notebook.path, texts, dict(notebook.problems)), limit, show=show)

    def where(self, place: Place) -> str:
        """Where the learner finds a place: `cell 5, line 3`."""
        source = self._sources.get(place.module)
        return source.locate(place.line) if source else super().where(place)


class _Files(LearnerFiles):
    """Modules that are in no file of their own: tracebacks call them `lesson.ipynb.from_scratch.py`."""

    def path(self, module: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{module}.py")


def _defines(cell: Cell, exercise: Exercise) -> bool:
    if not cell.is_code or f"def {exercise.function}" not in cell.text:
        return False
    try:
        text, _ = parse_cell(cell.text)
    except SyntaxError:
        return False
    return bool(written(text, [exercise.function]))
