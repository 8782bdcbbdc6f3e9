"""`--hand-in NAME`, as a pytest plugin: what counts is fixed before the checks run, and written when they have."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pytest

from grader.selfcheck.course_file import Lesson
from grader.selfcheck.handing_in.archive import archive_of, refuse_to_lose, write_archive
from grader.selfcheck.handing_in.choice import Chosen
from grader.selfcheck.handing_in.name import ENDING, checked_name, plain_or
from grader.selfcheck.handing_in.problem import HandInError
from grader.selfcheck.handing_in.words import contents, end
from grader.selfcheck.handing_in.work import MODULES
from grader.selfcheck.report import Line
from grader.selfcheck.run import Run
from grader.selfcheck.writer import Writer


@dataclass(frozen=True)
class Plan:
    """An archive in the making: `data` is to lie at `path`."""

    name: str
    lesson: Lesson
    chosen: Chosen
    path: Path
    data: bytes


def plan(given: str, lesson: Lesson, chosen: Chosen, here: Path) -> Plan:
    """What is to be written in the folder `here`, under the name that was given. Raises `HandInError`."""
    name = checked_name(given)
    path = here / f"{name}{ENDING}"
    refuse_to_lose(path, lesson.id)
    is_notebook = chosen.work.choice != MODULES
    files = {
        plain_or(chosen.work.choice, "notebook.ipynb") if is_notebook else file.name: file.data
        for file in chosen.work.files
        if file.data is not None
    }
    return Plan(name, lesson, chosen, path, archive_of(files, lesson.id, lesson.sizes.archive))


class HandIn:
    """Writes the archive at the end of a run, after its report, whatever the checks found."""

    def __init__(self, made: Plan, run: Run, writer: Writer) -> None:
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
            self._writer.say([[], [(f"{self._plan.path.name} was not written.", "yellow")]])
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
        lines = contents(made.lesson, made.name, made.chosen, standing)
        try:
            fate = write_archive(made.path, made.data, made.lesson.id)
        except HandInError as error:
            return [*lines, [], [(str(error), "red")]], False
        return [*lines, *end(made.path.name, len(made.data), fate)], True
