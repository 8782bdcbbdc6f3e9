"""Where a learner may have worked on a lesson: in its modules, or in a notebook beside them."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.cells.not_read import NotReadError
from grader.cells.source import decode
from grader.inert import inert
from grader.selfcheck.course_file import Exercise, Lesson
from grader.selfcheck.saved_notebook import SavedNotebook, read_saved
from grader.selfcheck.written import written

MODULES = "modules"
ENDING = ".ipynb"


@dataclass(frozen=True)
class WorkFile:
    """One file of somebody's work as it is now. `exercises` is how many could be written in it, `written` how many are.

    `trouble` is what is wrong with it, in sentences. `hopeless` says that nobody can read it, so that there may be work
    in it or not; `data` is None when it isn't there at all.
    """

    name: str
    data: bytes | None
    saved: str
    exercises: int
    written: int
    trouble: tuple[str, ...] = ()
    hopeless: bool = False

    @property
    def state(self) -> str:
        """`5 of 8 written, saved 2026-11-27 10:30`; of what nobody wrote in, no date: it would be the archive's."""
        if self.hopeless:
            return "can't be read"
        begun = f"{self.written or 'none'} of {self.exercises} written"
        return f"{begun}, saved {self.saved}" if self.saved and self.written else begun


@dataclass(frozen=True)
class Work:
    """All of one kind: the modules, or one notebook. `choice` is how a learner names it."""

    choice: str
    files: tuple[WorkFile, ...]
    notebook: SavedNotebook | None = None

    @property
    def is_begun(self) -> bool:
        """Whether there is work in it, or may be."""
        return any(file.written or file.hopeless for file in self.files)

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing in it can be graded."""
        return all(file.hopeless for file in self.files)

    @property
    def state(self) -> str:
        """That of its files together."""
        begun, of = sum(file.written for file in self.files), sum(file.exercises for file in self.files)
        if self.is_hopeless:
            return self.files[0].state
        return WorkFile("", b"", max(file.saved for file in self.files), of, begun).state


def work_in_modules(folder: Path, lesson: Lesson) -> Work | None:
    """The modules of a lesson, None when there is not one of them."""
    files = tuple(_module(folder, name, lesson) for name in lesson.modules)
    return Work(MODULES, files) if any(file.data is not None for file in files) else None


def work_in_notebooks(folder: Path, lesson: Lesson) -> list[Work]:
    """The notebooks in the lesson's folder that have exercises of it in them, or can't be read."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() == ENDING and path.name[0] != ".")
    every = [work_in_notebook(path, lesson) for path in paths if path.is_file()]
    return [work for work in every if work.is_hopeless or (work.notebook and work.notebook.modules)]


def work_in_notebook(path: Path, lesson: Lesson) -> Work:
    """One notebook, whether it can be read or not."""
    shown, count = inert(path.name, 80), len(lesson.exercises)
    file = partial(WorkFile, shown, exercises=count)
    try:
        data, saved = path.read_bytes(), _saved(path)
    except OSError as error:
        words = f"{shown} can't be read ({error.strerror or error})."
        return Work(path.name, (file(None, "", written=0, trouble=(words,), hopeless=True),))
    try:
        if len(data) > lesson.sizes.notebook:
            raise NotReadError(_too_large(shown, lesson.sizes.notebook) + " Clear its outputs and save it.")
        notebook = read_saved(path, data, lesson)
    except NotReadError as error:
        return Work(path.name, (file(data, saved, written=0, trouble=(str(error),), hopeless=True),))
    passed_over = tuple(
        f"{name}: its own cell is still to do, and that is the cell that counts. Your definition in another cell is "
        f"left aside: move it there."
        for name in notebook.passed_over
    )
    trouble = (*notebook.problems.values(), *passed_over)
    return Work(path.name, (file(data, saved, written=len(notebook.written), trouble=trouble),), notebook)


def _module(folder: Path, name: str, lesson: Lesson) -> WorkFile:
    path = folder / f"{name}.py"
    exercises = [exercise for exercise in lesson.exercises.values() if exercise.module == name]
    file = partial(WorkFile, path.name, exercises=len(exercises))
    try:
        data, saved = path.read_bytes(), _saved(path)
    except FileNotFoundError:
        return file(None, "", written=0, trouble=(f"{path.name} is missing. {_no_points(exercises)}",))
    except OSError as error:
        words = f"{path.name} can't be read ({error.strerror or error}). {_no_points(exercises)}"
        return file(None, "", written=0, trouble=(words,), hopeless=True)
    try:
        if len(data) > lesson.sizes.module:
            raise NotReadError(_too_large(path.name, lesson.sizes.module))
        text = decode(data, path.name)
    except NotReadError as error:
        return file(data, saved, written=0, trouble=(str(error), _no_points(exercises)), hopeless=True)
    begun = len(written(text, [exercise.function for exercise in exercises]))
    problem = _compiled(text)
    trouble = (f"{path.name} is not Python: {problem}. {_no_points(exercises)}",) if problem else ()
    return file(data, saved, written=begun, trouble=trouble)


def _compiled(text: str) -> str:
    """Why Python can't read a text; empty when it can. Nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        return inert(f"line {error.lineno}, {error.msg}", 200)
    except (ValueError, RecursionError, MemoryError) as error:
        return inert(error, 200)
    return ""


def _no_points(exercises: Sequence[Exercise]) -> str:
    return f"Without it there are no points for {', '.join(exercise.id for exercise in exercises)}."


def _too_large(shown: str, most: int) -> str:
    return f"{shown} is larger than the limit of {most:,} bytes: hand in only your own work, without data."


def _saved(path: Path) -> str:
    """When a file was last saved, in local time."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime))
