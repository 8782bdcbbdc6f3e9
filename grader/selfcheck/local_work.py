"""What counts of a learner's work: the modules or a notebook, whichever was worked in, and never a guess."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.core.assignment import Assignment, Exercise
from grader.core.records import NotReadError
from grader.core.sanitize import sanitized
from grader.reading.completion import written
from grader.reading.module_text import decode
from grader.selfcheck.notebook_transport import SavedNotebook, read_saved
from grader.selfcheck.submit_archive import SubmitError
from grader.selfcheck.terminal import shell_quoted

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


def work_in_modules(folder: Path, lesson: Assignment) -> Work | None:
    """The modules of a lesson, None when there is not one of them."""
    files = tuple(_module(folder, name, lesson) for name in lesson.modules)
    return Work(MODULES, files) if any(file.data is not None for file in files) else None


def work_in_notebooks(folder: Path, lesson: Assignment) -> list[Work]:
    """The notebooks in the lesson's folder that have exercises of it in them, or can't be read."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() == ENDING and path.name[0] != ".")
    every = [work_in_notebook(path, lesson) for path in paths if path.is_file()]
    return [work for work in every if work.is_hopeless or (work.notebook and work.notebook.modules)]


def work_in_notebook(path: Path, lesson: Assignment) -> Work:
    """One notebook, whether it can be read or not."""
    shown, count = sanitized(path.name, 80), len(lesson.exercises)
    file = partial(WorkFile, shown, exercises=count)
    try:
        data, saved = path.read_bytes(), _saved(path)
    except OSError as error:
        words = f"{shown} can't be read ({error.strerror or error})."
        return Work(path.name, (file(None, "", written=0, trouble=(words,), hopeless=True),))
    try:
        if len(data) > lesson.limits.notebook_bytes:
            raise NotReadError(_too_large(shown, lesson.limits.notebook_bytes) + " Clear its outputs and save it.")
        notebook = read_saved(path, data, lesson)
    except NotReadError as error:
        return Work(path.name, (file(data, saved, written=0, trouble=(str(error),), hopeless=True),))
    trouble = tuple(notebook.problems.values())
    return Work(path.name, (file(data, saved, written=len(notebook.written), trouble=trouble),), notebook)


def _module(folder: Path, name: str, lesson: Assignment) -> WorkFile:
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
        if len(data) > lesson.limits.module_bytes:
            raise NotReadError(_too_large(path.name, lesson.limits.module_bytes))
        text = decode(data, path.name)
    except NotReadError as error:
        return file(data, saved, written=0, trouble=(str(error), _no_points(exercises)), hopeless=True)
    begun = len(written(text, [exercise.function for exercise in exercises]))
    problem = _compiled(text)
    broken = f"{path.name} is not Python: {problem}. Correct this line first: what it breaks earns no points."
    trouble = (broken,) if problem else ()
    return file(data, saved, written=begun, trouble=trouble)


def _compiled(text: str) -> str:
    """Why Python can't read a text; empty when it can. Nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        return sanitized(f"line {error.lineno}, {error.msg}", 200)
    except (ValueError, RecursionError, MemoryError) as error:
        return sanitized(error, 200)
    return ""


def _no_points(exercises: Sequence[Exercise]) -> str:
    return f"Without it there are no points for {', '.join(exercise.id for exercise in exercises)}."


def _too_large(shown: str, most: int) -> str:
    return f"{shown} is larger than the limit of {most:,} bytes: hand in only your own work, without data."


def _saved(path: Path) -> str:
    """When a file was last saved, in local time."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(path.stat().st_mtime))


NOTEBOOK = "notebook"


@dataclass(frozen=True)
class Chosen:
    """The work that counts, and what else was there and is left aside."""

    work: Work
    aside: tuple[Work, ...]


def choose(folder: Path, lesson: Assignment, asked: str | None, here: Path, command: str) -> Chosen:
    """What counts in the lesson's `folder`. `asked` is what a learner named, if anything; `command` is what was typed.

    Raises `SubmitError` when that can't be told, isn't there, or can't be read.
    """
    modules = work_in_modules(folder, lesson)
    notebooks = work_in_notebooks(folder, lesson)
    every = [work for work in (modules, *notebooks) if work]
    work = _asked(asked, modules, notebooks, folder, here, lesson) if asked else _told(every, folder, lesson, command)
    if work.is_hopeless and work is not modules:
        others = [each for each in every if each is not work]
        instead = f" To submit the {others[0].choice} instead: {command} --source {others[0].choice}" if others else ""
        raise SubmitError(" ".join(work.files[0].trouble) + (instead if not asked else ""))
    return Chosen(work, tuple(each for each in every if each.choice != work.choice))


def _told(every: Sequence[Work], folder: Path, lesson: Assignment, command: str) -> Work:
    """The only one that is begun; when there is none, the first that is there."""
    if not every:
        files = " or ".join(f"{module}.py" for module in lesson.modules)
        raise SubmitError(f"There is nothing to hand in: expected {files}, or a notebook, in {folder}.")
    begun = [work for work in every if work.is_begun]
    if len(begun) == 1:
        return begun[0]
    if not begun:
        return every[0]
    width = max(len(sanitized(work.choice, 80)) for work in begun)
    rows = [f"  {sanitized(work.choice, 80):<{width}}  {work.state}" for work in begun]
    ways = [f"  {command} --source {shell_quoted(sanitized(work.choice, 80))}" for work in begun]
    raise SubmitError(
        "\n".join(
            [
                "There is work in several places, and only one of them can count:",
                *rows,
                "Bring it together in one of them, or say which counts as it is:",
                *ways,
            ]
        )
    )


def _asked(
    asked: str, modules: Work | None, notebooks: Sequence[Work], folder: Path, here: Path, lesson: Assignment
) -> Work:
    if asked == MODULES:
        if modules:
            return modules
        raise SubmitError(
            f"There are no modules in {folder}: expected {' and '.join(f'{m}.py' for m in lesson.modules)}."
        )
    if asked == NOTEBOOK:
        found = [work for work in notebooks if work.is_begun] or notebooks
        if len(found) == 1:
            return found[0]
        if not found:
            raise SubmitError(f"There is no notebook of this lesson in {folder}.")
        names = " or ".join(f"--source {shell_quoted(sanitized(work.choice, 80))}" for work in found)
        raise SubmitError(f"There are {len(found)} notebooks with your work in them. Say which one counts: {names}.")
    if not asked.lower().endswith(ENDING):
        raise SubmitError(
            f'--source "{sanitized(asked, 80)}" names nothing: expected "{MODULES}", "{NOTEBOOK}" or a notebook\'s '
            "file name."
        )
    path = next((path for path in (here / asked, folder / asked) if path.is_file()), None)
    if path is None:
        raise SubmitError(f"There is no notebook {sanitized(asked, 80)}, neither here nor in {folder}.")
    return work_in_notebook(path, lesson)
