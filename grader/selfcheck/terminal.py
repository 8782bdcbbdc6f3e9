"""The beginner's report in place of pytest's own, styled for whatever terminal, file or pipe there is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.core.assignment import PAGE, Assignment
from grader.core.errors import did_you_mean
from grader.core.sanitize import CUT, sanitized
from grader.selfcheck.curves import mark_page
from grader.selfcheck.report import (
    SYMBOLS,
    Line,
    Setting,
    is_done,
    lesson_lines,
    next_lesson_lines,
    not_begun_lines,
    notebook_lines,
    wrapped,
)
from grader.selfcheck.run import Run
from grader.selfcheck.state import ExerciseState, next_thing
from grader.selfcheck.watch import NAME as WATCH
from grader.selfcheck.watch import clearing, forget_next, praise
from grader.selfcheck.watch_run import lists_all

if TYPE_CHECKING:
    from grader.selfcheck.line_search import LineSearch


class Writer:
    """Prints through pytest's own terminal writer, which knows about colours; in what the output's encoding has."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal
        self.file = terminal._file
        self._encoding = getattr(self.file, "encoding", None) or "ascii"
        self.ascii = not _encodable(SYMBOLS, self._encoding)

    @property
    def room(self) -> int:
        """For what is to be taken back: it must not go on in the next line."""
        return min(70, int(self._terminal.fullwidth) - 1)

    def say(self, lines: Sequence[Line]) -> None:
        """Print these lines."""
        for line in lines:
            for text, style in line:
                self._terminal.write(self.fit(text), **_markup(style))
            self._terminal.write("\n")
        self._terminal.flush()

    def write(self, text: str) -> None:
        """Print a text that ends no line, and show it at once."""
        self._terminal.write(self.fit(text), flush=True)

    def fit(self, text: str) -> str:
        """Only what the terminal's encoding knows."""
        if self.ascii:
            text = text.replace(CUT, "...")
        return text.encode(self._encoding, "backslashreplace").decode(self._encoding)


def _markup(style: str) -> dict[str, bool]:
    return {style: True} if style else {}


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


NAME = "selfcheck-report"
# Options with which a person asks for pytest's own report, or for something that only it can show.
_ASKS = (
    "help", "version", "collectonly", "showfixtures", "show_fixtures_per_test", "markers", "usepdb", "trace",
    "setuponly", "setupshow", "setupplan", "debug", "traceconfig", "durations", "pastebin", "reportchars",
)  # fmt: skip
_REPORTCHARS = "fE"  # what pytest has unless it is asked for more


def wants_ordinary_report(config: pytest.Config) -> bool:
    """Whether pytest's own report is asked for: -v, -q, --tb, -r, --pdb, --collect-only and the like."""
    option = config.option
    if option.verbose or option.tbstyle != "auto":
        return True
    asked = [name for name in _ASKS if getattr(option, name, None) not in (None, False, "", _REPORTCHARS)]
    return bool(asked) or getattr(option, "dist", "no") != "no" or hasattr(config, "workerinput")


@dataclass(frozen=True)
class _NotebookSetting(Setting):
    """What is looked at lies in a notebook, and is best looked at again there."""

    def all(self) -> str:
        """What looks at all exercises."""
        return "check() in the notebook"

    def again(self, exercise: str) -> str:
        """What looks at an exercise again."""
        return f'check("{exercise}") in the notebook'

    def more(self, exercise: str) -> str:
        """What shows more hints for an exercise."""
        return f'check("{exercise}", hints=True) in the notebook'


@dataclass(frozen=True)
class _WatchSetting(Setting):
    """Somebody watches: a save tries again, and keys do the rest."""

    def all(self) -> str:
        """What looks at all exercises: what watches some looks at no others."""
        return f"{self.everything} --watch (press q first)"

    def ways(self, each: ExerciseState, more: bool) -> list[str]:  # noqa: ARG002
        """How to try again, and with `more` how to get more hints."""
        return ["Save the file to try again.", *(["Press h for a hint."] if more else [])]


class BeginnerReport:
    """Collects what pytest tells, and prints the report at the end.

    `notebook` is where the functions are, when they aren't in the modules.
    """

    def __init__(self, config: pytest.Config, run: Run, writer: Writer, notebook: Path | None = None) -> None:
        self._config = config
        self._run = run
        self._notebook = notebook
        self._writer = writer
        self._broken: list[tuple[str, str]] = []
        self._deselected = 0
        self._interrupted = False
        self._line = ""
        self._search: LineSearch | None = None
        self._is_watched = config.pluginmanager.hasplugin(WATCH)
        self._praise: dict[str, list[Line]] = {}
        self._clearing = clearing(writer.file)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what can't be collected: a broken file of checks, which is no learner's fault."""
        if report.failed:
            self._broken.append((report.nodeid, report.longreprtext))

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count what -k left out."""
        self._deselected += len(items)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """On a terminal, say what is being tried: a learner's loop may take its time."""
        if self._clearing:
            self._transient(f"Trying {nodeid.rpartition('/')[2]} ...")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep failures that are no outcome of a check: a fixture's, or those of a test that is no check."""
        if report.failed and (report.when != "call" or not self._run.knows(report.nodeid)):
            self._broken.append((report.nodeid, report.longreprtext))

    def pytest_internalerror(self, excrepr: object) -> None:
        """Something of ours or of pytest's broke."""
        self._clear()
        self._writer.say(
            [[("The self-check itself broke. This is not your fault; please tell your instructor:", "red")]]
        )
        for line in str(excrepr).split("\n"):
            self._writer.say([[(line, "")]])

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Ctrl-C, or pytest.exit."""
        self._interrupted = True
        self._clear()
        message = f": {excinfo.value}" if str(excinfo.value) else "."
        self._writer.say([[(f"Stopped{sanitized(message, 300)}", "yellow")]])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Print the report."""
        self._clear()
        if exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
            return
        pages = [] if self._interrupted else self._shown_pages()
        for nodeid, text in self._broken:
            self._writer.say([[], [(f"{nodeid} is not one of your exercises, and it failed:", "red")]])
            self._writer.say([[(sanitized(line, 200), "")] for line in text.split("\n")[-12:]])
        if not pages and not self._broken and not self._interrupted:
            self._writer.say(wrapped(self._nothing(), "", "yellow"))

    def _shown_pages(self) -> list[Sequence[Line]]:
        """The pages, shown. Who watches sees at once what was found, and a moment later the line behind it."""
        standings = [(lesson, found) for lesson, found in self._run.pages() if lesson not in self._run.not_begun]
        if self._is_watched:
            self._praise = {lesson.id: praise(lesson, found) for lesson, found in standings}
        first: list[Sequence[Line]] = []
        if self._is_watched and self._clearing:
            self._say(first := self._pages(standings))
        pages = self._pages([(lesson, self._explained(lesson, found)) for lesson, found in standings])
        if pages != first:
            self._writer.write(self._clearing if first else "")
            self._say(pages)
        return pages

    def _say(self, pages: Sequence[Sequence[Line]]) -> None:
        for number, lines in enumerate(pages):
            self._writer.say([[], *lines] if number else lines)

    def _pages(self, standings: Sequence[tuple[Assignment, Sequence[ExerciseState]]]) -> list[Sequence[Line]]:
        """What is said of each lesson of which something was tried, and then of those that are not begun."""
        aside = self._run.not_begun
        done = [lesson for lesson, found in standings if is_done(lesson, found)]
        pages: list[Sequence[Line]] = []
        for lesson, found in standings:
            setting = replace(self._setting(lesson), brief=0 < len(done) < len(standings))
            in_notebook = notebook_lines(self._command(lesson)) if lesson in self._run.in_notebooks else []
            heading, *lines = lesson_lines(lesson, found, setting)
            pages.append([heading, *self._praise.get(lesson.id, ()), *lines, *in_notebook])
            mark_page(self._run.folder / lesson.id, found, self._run.curves(lesson))
        if not pages:
            return pages
        if self._is_watched:
            forget_next(aside)
        if aside and len(done) == len(standings):
            then, aside = aside[0], aside[1:]
            pages.append(next_lesson_lines(then, self._command(then), self._page(then)))
        if aside:
            named = f" -k {self._config.option.keyword}" if self._config.option.keyword else ""
            pages.append(not_begun_lines((lesson, f"{self._command(lesson)}{named}") for lesson in aside))
        return pages

    def _page(self, lesson: Assignment) -> str:
        """Where a lesson is to be read; empty where it has no text."""
        for name in (PAGE, "lesson.md"):
            path = self._run.folder / lesson.id / name
            if path.is_file():
                return _shown(path, self._config.invocation_params.dir)
        return ""

    def _command(self, lesson: Assignment) -> str:
        """What starts the self-check of one lesson, as short as that can be."""
        here, folder = self._config.invocation_params.dir, self._run.folder
        if here == folder / lesson.id:
            return "pytest"
        return command_for(folder / lesson.id if len(self._run.there) > 1 else folder, here)

    def _explained(self, lesson: Assignment, standing: Sequence[ExerciseState]) -> Sequence[ExerciseState]:
        """With the line behind the next thing to do, where there is something to look for."""
        then = next_thing(standing)
        if then is None or not then.lacks_a_cause:
            return standing
        from grader.selfcheck.line_search import LineSearch  # takes a moment, which right work can do without

        self._search = self._search or LineSearch(self._run)
        return self._search.next_explained(lesson, standing)

    def _nothing(self) -> str:
        wanted = self._config.option.keyword
        known = list(dict.fromkeys(name for lesson in self._run.there for name in lesson.exercises))
        if self._deselected and wanted:
            near = did_you_mean(wanted, known)
            others = f"The exercises are: {sanitized(', '.join(known), 500)}."
            return f"No check matches -k {sanitized(wanted, 60)}.{near or f' {others}'}"
        return "There are no checks here. Run pytest with the folder that holds the lessons."

    def _setting(self, lesson: Assignment) -> Setting:
        here, folder = self._config.invocation_params.dir, self._run.folder
        files = {module: _shown(folder / lesson.id / f"{module}.py", here) for module in lesson.modules}
        command = self._command(lesson)
        everything = command if here == folder / lesson.id else command_for(folder, here)
        submit = "" if self._config.option.submit else f"{command} --submit NAME"
        if self._notebook:
            files = dict.fromkeys(files, _shown(self._notebook, here))
            return _NotebookSetting(files, command, everything, self._writer.ascii, submit=submit)
        if self._is_watched:
            return _WatchSetting(files, command, everything, self._writer.ascii, listed=lists_all(), submit=submit)
        others = {name for each in self._run.there if each.id != lesson.id for name in each.exercises}
        return Setting(files, command, everything, self._writer.ascii, submit=submit, shared=frozenset(others))

    def _transient(self, text: str) -> None:
        self._clear()
        self._line = text[: self._writer.room]
        self._writer.write(self._line)

    def _clear(self) -> None:
        if self._line:
            self._writer.write("\r" + " " * len(self._line) + "\r")
            self._line = ""


def command_for(folder: Path, here: Path) -> str:
    """What starts the self-check of a folder, for somebody who is `here`."""
    return "pytest" if here == folder else f"pytest {shell_quoted(_shown(folder, here))}"


def _shown(path: Path, here: Path) -> str:
    """A path as the learner would type it."""
    try:
        return Path(os.path.relpath(path, here)).as_posix()
    except ValueError:  # another drive
        return str(path)


def shell_quoted(path: str) -> str:
    """A word as it is typed on a command line."""
    return f'"{path}"' if " " in path else path
