"""`--submit NAME` and `--source`: what counts is fixed before the checks run, written when they have, and told."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pytest

from grader.core.assignment import Assignment
from grader.core.due_dates import due_words
from grader.core.records import ExerciseStatus
from grader.core.sanitize import sanitized
from grader.selfcheck.course_file import LearnersCourse
from grader.selfcheck.in_process import InProcess
from grader.selfcheck.lessons import in_progress, pointed_at
from grader.selfcheck.local_work import MODULES, Chosen, Work, choose
from grader.selfcheck.notebook_transport import InSavedNotebook, SavedNotebook
from grader.selfcheck.report import Line, wrapped
from grader.selfcheck.run import Run
from grader.selfcheck.state import ExerciseState
from grader.selfcheck.submit_archive import (
    SubmitError,
    WriteStatus,
    archive_of,
    checked_name,
    place_for,
    plain_or,
    refuse_to_lose,
    write_archive,
)
from grader.selfcheck.terminal import Writer, command_for, shell_quoted
from grader.selfcheck.time_limits import TimeLimit

_LATER = (ExerciseStatus.TODO, ExerciseStatus.PASSED)


def contents(
    lesson: Assignment, name: str, chosen: Chosen, standing: Sequence[ExerciseState], course: LearnersCourse
) -> list[Line]:
    """What will be in the archive, and what is to be known of it."""
    variant = f", variant {lesson.variant}" if lesson.variant else ""
    lines: list[Line] = [[(f"Handing in: {lesson.title}{variant}, as {sanitized(name, 200)}", "bold")], []]
    files = [file for file in chosen.work.files if file.data is not None]
    names = max(len(file.name) for file in files)
    sizes = [f"{len(file.data or b''):,} bytes" for file in files]
    for file, size in zip(files, sizes, strict=True):
        lines.append([(f"  {file.name:<{names}}  {size:>{max(map(len, sizes))}}   {file.state}", "")])
    lines.append([])
    if lesson.due:
        lines += wrapped(f"Due: {due_words(lesson.due, course.time_zone)}.", "  ")
    for sentence in [words for file in chosen.work.files for words in file.trouble]:
        lines += wrapped(sentence, "  ! ", style="yellow")
    if not chosen.work.is_begun:
        lines += wrapped("Nothing is written yet: handed in like this, it earns no points.", "  ! ", style="yellow")
    for sentence in [*_standing(lesson, standing), *map(_aside, chosen.aside)]:
        lines += wrapped(sentence, "  ")
    return lines


def end(file: str, size: int, fate: WriteStatus, submit_to: str) -> list[Line]:
    """That it is done, and what to do with it."""
    where = f" Hand it in here: {submit_to}." if submit_to else ""
    done = {"written": "Written", "replaced": "Written, in place of an earlier one", "unchanged": "Already there"}
    return [
        [],
        [(f"{done[fate]}: {sanitized(file, 200)}, {size:,} bytes.", "green")],
        *wrapped(f"This is the file to hand in.{where}", ""),
    ]


def _standing(lesson: Assignment, standing: Sequence[ExerciseState]) -> list[str]:
    def named(*statuses: ExerciseStatus) -> list[str]:
        return [each.exercise.id for each in reached if each.result.status in statuses and each.whole]

    reached = [each for each in standing if each.is_reached or each.result.status is ExerciseStatus.TODO]
    done, to_do = named(ExerciseStatus.PASSED), named(ExerciseStatus.TODO)
    wrong = named(*(status for status in ExerciseStatus if status not in _LATER))
    looked_at = {*done, *to_do, *wrong}
    rows = {
        "Still to do": to_do,
        "Not right yet": wrong,
        "Not checked": [name for name in lesson.exercises if name not in looked_at],
    }
    said = [f"Done: {len(done)} of {len(lesson.exercises)} exercises."]
    return said + [f"{words}: {', '.join(names)}." for words, names in rows.items() if names]


def _aside(work: Work) -> str:
    if work.choice == MODULES:
        names = " and ".join(file.name for file in work.files if file.data is not None)
        were = "are" if " and " in names else "is"
    else:
        names, were = sanitized(work.choice, 80), "is"
    return f"{names} {were} left aside: {work.state if work.is_begun else 'nothing is written there'}."


@dataclass(frozen=True)
class PlannedArchive:
    """An archive in the making: `data` is to lie at `path`."""

    name: str
    lesson: Assignment
    chosen: Chosen
    path: Path
    data: bytes
    here: Path
    course: LearnersCourse

    @property
    def shown(self) -> str:
        """Where the archive is to lie, as its learner knows it."""
        return str(self.path.relative_to(self.here))


def plan(given: str, lesson: Assignment, chosen: Chosen, here: Path, course: LearnersCourse) -> PlannedArchive:
    """What is to be written in the folder `here`, under the name that was given. Raises `SubmitError`."""
    name = checked_name(given)
    path = place_for(here, name, lesson.id)
    refuse_to_lose(path, lesson.id)
    is_notebook = chosen.work.choice != MODULES
    files = {
        plain_or(chosen.work.choice, "notebook.ipynb") if is_notebook else file.name: file.data
        for file in chosen.work.files
        if file.data is not None
    }
    data = archive_of(files, lesson.id, lesson.limits.archive_bytes)
    return PlannedArchive(name, lesson, chosen, path, data, here, course)


class SubmitPlugin:
    """Writes the archive at the end of a run, after its report, whatever the checks found."""

    def __init__(self, made: PlannedArchive, run: Run, writer: Writer) -> None:
        self._plan = made
        self._run = run
        self._writer = writer
        self._stopped = False

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Ctrl-C. (A broken file of checks comes this way too, and is no reason to hand nothing in.)"""
        self._stopped = not isinstance(excinfo.value, pytest.Session.Interrupted)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Write the archive and say so; that it can't be written is a failure of the run."""
        result = yield
        if session.exitstatus == pytest.ExitCode.USAGE_ERROR:
            return result
        if self._stopped:
            self._writer.say([[], [(f"{self._plan.shown} was not written.", "yellow")]])
            return result
        lines, is_written = self.write()
        self._writer.say([[], *lines])
        if not is_written:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        return result

    def say_at_once(self, stream: TextIO) -> None:
        """Write the archive although the checks never come to their end, and say so."""
        lines, _ = self.write()
        for line in [[], *lines]:
            text = self._writer.fit("".join(text for text, _ in line))
            stream.write(f"{text}\n")

    def write(self) -> tuple[list[Line], bool]:
        """Write the archive; what is to be said, and whether it is there."""
        made = self._plan
        standing = next((found for lesson, found in self._run.pages() if lesson.id == made.lesson.id), ())
        lines = contents(made.lesson, made.name, made.chosen, standing, made.course)
        try:
            fate = write_archive(made.path, made.data, made.lesson.id)
        except SubmitError as error:
            return [*lines, [], [(str(error), "red")]], False
        return [*lines, *end(made.shown, len(made.data), fate, made.course.submit_to)], True


@dataclass(frozen=True)
class SubmitOptions:
    """The lesson and the work that is looked at, and what is to be handed in of it, if anything."""

    lesson: Assignment
    chosen: Chosen
    plan: PlannedArchive | None

    def plugin(self, run: Run, writer: Writer) -> SubmitPlugin | None:
        """The plugin that carries the plan out."""
        return SubmitPlugin(self.plan, run, writer) if self.plan else None

    @property
    def notebook(self) -> SavedNotebook | None:
        """The notebook that counts; None when the modules do."""
        return self.chosen.work.notebook

    def reach(self, show: bool) -> Callable[[Assignment, TimeLimit], InProcess] | None:
        """The way to the functions of the notebook; None stands for that to the modules."""
        notebook = self.notebook
        if notebook is None:
            return None
        return lambda _, limit: InSavedNotebook(notebook, limit, show=show)


def lesson_of(
    lessons: Sequence[Assignment], folder: Path, paths: Sequence[Path], default: str | None, command: str
) -> Assignment:
    """The one lesson that is meant: of those in `folder` that the paths are in or around, the only one that is begun.
    Where none is, it is the `default`.

    Raises `SubmitError` when there is none, or a person has to say: `command` is what to type then, with LESSON for the
    lesson.
    """
    around = pointed_at(lessons, folder, paths)
    meant = in_progress(around, folder, paths, default)
    if len(meant) == 1:
        return meant[0]
    if not around:
        known = ", ".join(lesson.id for lesson in lessons if (folder / lesson.id).is_dir())
        raise SubmitError(f"There is no lesson here to hand in. Expected a folder in {folder} of one of them: {known}.")
    why = "There is work in several lessons. Say which one is meant:" if meant else "Say which lesson is meant:"
    raise SubmitError("\n".join([why, *(f"  {command.replace('LESSON', each.id)}" for each in meant or around)]))


def asked_of(config: pytest.Config, folder: Path, course: LearnersCourse, paths: Sequence[Path]) -> SubmitOptions:
    """What the command line asks for, of the lessons in `folder`; `paths` are what pytest was pointed at.

    Raises `UsageError` when it can't be done.
    """
    name, what = config.option.submit, config.option.source
    here = config.invocation_params.dir
    if what and (here / what).is_file():
        paths = [(here / what).resolve()]
    try:
        if name == "":
            raise SubmitError(f"Say your name, as the course knows it: {command_for(folder, here)} --submit ada")
        shown = None if name is None else checked_name(name)
        asks = "" if shown is None else f" --submit {shell_quoted(shown)}"
        source = f" --source {shell_quoted(sanitized(what, 80))}" if what else ""
        typed = f"{command_for(folder / 'LESSON', here)}{asks}{source}"
        lesson = lesson_of(list(course.lessons.values()), folder, paths, course.default, typed)
        only = len([each for each in course.lessons if (folder / each).is_dir()]) == 1
        where = folder if only else folder / lesson.id
        chosen = choose(folder / lesson.id, lesson, what, here, f"{command_for(where, here)}{asks}")
        return SubmitOptions(lesson, chosen, None if name is None else plan(name, lesson, chosen, here, course))
    except SubmitError as error:
        raise pytest.UsageError(str(error)) from None
