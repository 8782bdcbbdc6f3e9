"""One run of visible checks within a running program, a notebook's kernel above all, that leaves no trace in it.

The checks are ordinary pytest tests, so this is an ordinary pytest session with the self-check's own plugin; only its
report is left out. Starting one costs a tenth of a second once torch is there.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from grader.checks import info_of
from grader.core.assignment import Assignment
from grader.core.sanitize import sanitized
from grader.sandbox.inside.execute import TorchSettings
from grader.selfcheck.curves import Curve
from grader.selfcheck.line_search import LineSearch
from grader.selfcheck.notebook_transport import InNotebook
from grader.selfcheck.plugin import ELSEWHERE, run_of
from grader.selfcheck.state import ExerciseState
from grader.selfcheck.time_limits import TimeLimit

# What pytest does for a program of its own, and has no business in somebody else's.
_WITHOUT = ("terminal", "capture", "debugging", "faulthandler", "logging", "junitxml")
_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_CURRENT_TEST", "PYTEST_VERSION")


@dataclass
class KernelFindings:
    """What a run found: where exercises stand, losses by function, and a sentence when it came to no proper end."""

    standing: list[ExerciseState] = field(default_factory=list)
    curves: dict[str, Curve] = field(default_factory=dict)
    trouble: str = ""


def look(
    course: Path, lesson: Assignment, exercises: set[str], names: Mapping[str, Any], asked: str = ""
) -> KernelFindings:
    """Run the visible checks of some exercises of a lesson on the functions in `names`.

    `asked` is the one of them that is shown; without, all are. `course` is the folder that holds `course.toml` and
    `exercises`. Nothing is printed and nothing raised: random numbers, torch's settings, output streams, figures and
    loaded modules are as they were, but for what the learner's functions change on purpose.
    """
    folder = course / "exercises"
    options = [
        "-c",
        str(folder / "pytest.ini"),
        "--rootdir",
        str(folder),
        "--noconftest",
        "-p",
        "grader.selfcheck.plugin",
    ]
    without = [text for name in _WITHOUT for text in ("-p", f"no:{name}")]
    arguments = [*options, *without, "--continue-on-collection-errors", str(folder / lesson.id)]
    said = StringIO()
    with _without_variables(), _same_random_numbers(), _same_modules(folder), _same_figures():
        before = TorchSettings.current()
        session = _Session(exercises, names, before, asked)
        TorchSettings().apply()
        try:
            with redirect_stdout(said), redirect_stderr(said):
                code = pytest.main(arguments, [session])
        finally:
            session.settings.apply()
    found = session.found
    if code == pytest.ExitCode.USAGE_ERROR and not found.trouble:
        last = said.getvalue().strip().split("\n")[-1].removeprefix("ERROR: ")
        found.trouble = f"The checks can't be run: {sanitized(last)}"
    return found


class _Session:
    """The plugin: it hands over the notebook's functions, chooses the checks, and keeps what they found."""

    def __init__(self, exercises: set[str], names: Mapping[str, Any], settings: TorchSettings, asked: str) -> None:
        self.__name__ = ELSEWHERE  # the name that pytest registers it under
        self.found = KernelFindings()
        self._exercises = exercises
        self._names = names
        self._settings = settings
        self._asked = asked
        self._transport: InNotebook | None = None

    @property
    def settings(self) -> TorchSettings:
        """What the notebook's code has set for all of torch."""
        return self._transport.theirs if self._transport else self._settings

    def reach(self, lesson: Assignment, limit: TimeLimit) -> InNotebook:
        """The way to the notebook's functions."""
        self._transport = InNotebook(self._names, lesson, limit)
        self._transport.theirs = self._settings
        return self._transport

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the checks that are wanted, once all are known."""
        items[:] = [item for item in items if (info := info_of(item)) and info.exercise in self._exercises]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file of checks that is broken is no learner's fault."""
        if report.failed:
            last = report.longreprtext.strip().split("\n")[-1]
            self._broken(f"{report.nodeid} can't be read ({sanitized(last, 200)}).")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Nor is what fails around a check."""
        if report.failed and report.when != "call":
            self._broken(f"{report.nodeid} failed before or after it ran.")

    def pytest_internalerror(self, excrepr: object) -> bool:
        """Nor is an error of pytest's or ours."""
        last = str(excrepr).strip().split("\n")[-1]
        self._broken(f"The self-check itself broke ({sanitized(last, 200)}).")
        return True

    def pytest_keyboard_interrupt(self) -> None:
        """The kernel was interrupted."""
        self.found.trouble = "Stopped: you interrupted it."

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep what was found."""
        run = run_of(session.config)
        if run:
            search = LineSearch(run)
            for lesson, standing in run.pages():
                self.found.standing += search.next_explained(lesson, standing, self._asked)
        if self._transport:
            self.found.curves = self._transport.curves

    def _broken(self, what: str) -> None:
        self.found.trouble = self.found.trouble or f"{what} This is not your fault; please tell your instructor."


@contextmanager
def _without_variables() -> Iterator[None]:
    """Options in the environment are for `pytest` on a command line."""
    before = {name: os.environ.pop(name) for name in _VARIABLES if name in os.environ}
    try:
        yield
    finally:
        for name in _VARIABLES:
            os.environ.pop(name, None)
        os.environ.update(before)


@contextmanager
def _same_random_numbers() -> Iterator[None]:
    """Checks set seeds; a notebook's own `manual_seed` must mean the same whether or not something was checked."""
    ours, numpys, pythons = torch.get_rng_state(), np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        torch.set_rng_state(ours)
        np.random.set_state(numpys)
        random.setstate(pythons)


@contextmanager
def _same_modules(folder: Path) -> Iterator[None]:
    """Checks are read anew each time, and their names stay free for the learner's own modules."""
    before = set(sys.modules)
    try:
        yield
    finally:
        new = {name: sys.modules[name] for name in set(sys.modules) - before}
        checks = {name for name, module in new.items() if _is_below(getattr(module, "__file__", None), folder)}
        for name in new:
            if name in checks or any(each.startswith(f"{name}.") for each in checks):
                sys.modules.pop(name, None)


@contextmanager
def _same_figures() -> Iterator[None]:
    """A plot that a learner's function draws is for when the learner calls it."""
    before = _figures()
    try:
        yield
    finally:
        for number in _figures() - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _is_below(file: object, folder: Path) -> bool:
    return isinstance(file, str) and Path(file).is_relative_to(folder)
