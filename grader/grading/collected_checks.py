"""The checks of an assignment: collected by pytest once, and run for many submissions.

`run_hidden` starts one pytest session and hands the collected checks to a function of ours, which runs each as often
as it likes: by calling it, if it is a plain function of `student` and `draw`, or else the way pytest-xdist's worker
drives its run loop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
from _pytest.runner import runtestprotocol

from grader.checks import CheckFailed, CheckInfo, Draw, Student, info_of
from grader.checks.marks import PlainCheck, plain_check
from grader.checks.scoring import CheckOutcome
from grader.core.assignment import Assignment
from grader.core.errors import GradingError
from grader.core.records import CheckStatus, Finding

_CONFIGURATION = Path(__file__).with_name("checks.ini")


_ENDS = (CheckStatus.TIMED_OUT, CheckStatus.CRASHED, CheckStatus.TODO)


@dataclass(frozen=True)
class CheckContext:
    """What the fixtures give to the check that runs."""

    student: Student
    draw: Draw


class CollectedChecks:
    """The collected checks by exercise, in file order."""

    def __init__(self, session: pytest.Session, assignment: Assignment, kind: str, *, hooks: bool) -> None:
        """`hooks`: whether a conftest.py may change how checks are run."""
        self.running: CheckContext | None = None
        self._raised: BaseException | None = None
        self.items: dict[str, list[tuple[pytest.Item, CheckInfo]]] = {name: [] for name in assignment.exercises}
        for item in session.items:
            info = info_of(item)
            if info is None:
                raise GradingError(f"{item.nodeid}: a check must be marked with @check or @guard.")
            if info.exercise not in self.items:
                raise GradingError(f"{item.nodeid}: course.toml has no exercise {info.exercise!r}.")
            self.items[info.exercise].append((item, info))
        self._plain = {} if hooks else {item.nodeid: plain_check(item) for item in session.items}
        for exercise, found in self.items.items():
            if not any(info.points for _, info in found):
                raise GradingError(f"{exercise} has no {kind} check that earns points; write one.")

    def run(self, item: pytest.Item, info: CheckInfo, student: Student, draw: Draw) -> CheckOutcome:
        """Run one check against one submission."""
        self.running, self._raised = CheckContext(student, draw), None
        student.check = item.name
        plain = self._plain.get(item.nodeid)
        if plain is None:
            runtestprotocol(item, log=False, nextitem=None)
        else:  # what pytest would do around it takes as long as many a check
            self._call(plain, student, draw)
        try:
            student.settle()
        except CheckFailed as failure:
            self.note(failure)
        name = item.name
        error = self._raised
        if error is None:
            return CheckOutcome(name, info, CheckStatus.PASSED)
        if isinstance(error, CheckFailed):
            return CheckOutcome.of(name, info, error)
        if isinstance(error, AssertionError):
            # A plain assert in a check: its text would quote the check, so only the title is told.
            return CheckOutcome(name, info, CheckStatus.FAILED, Finding(f"Not yet: {info.exercise} {info.title}"))
        raise error

    def _call(self, plain: PlainCheck, student: Student, draw: Draw) -> None:
        try:
            plain.call(student, draw)
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise  # as pytest does
        except BaseException as error:
            self.note(error)

    def run_all(
        self, exercise: str, student: Student, seed: int, *, only: Collection[str] | None = None
    ) -> list[CheckOutcome]:
        """Run all checks of an exercise, or `only` those with these names, on inputs that `seed` draws.

        After one that came to no end, or found no function, the rest of them need not be tried: they get its outcome.
        """
        outcomes: list[CheckOutcome] = []
        for item, info in self.items[exercise]:
            if only is not None and item.name not in only:
                continue
            ended = next((outcome for outcome in outcomes if outcome.status in _ENDS), None)
            if ended:
                outcomes.append(replace(ended, id=item.name, info=info))
            else:
                outcomes.append(self.run(item, info, student, Draw(seed, item.name)))
        return outcomes

    def note(self, error: BaseException) -> None:
        """Keep the first exception that came out of the check that is running."""
        self._raised = self._raised or error


class _Plugin:
    def __init__(
        self, assignment: Assignment, kind: str, body: Callable[[CollectedChecks], None], *, hooks: bool
    ) -> None:
        self._assignment = assignment
        self._hooks = hooks
        self._kind = kind
        self._body = body
        self._checks: CollectedChecks | None = None
        self.broken: list[str] = []
        self.error: BaseException | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "exercise_check(info): a check of an exercise")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid}: {report.longreprtext}")

    @pytest.fixture
    def student(self) -> Student:
        """The submission's functions."""
        return self._running().student

    @pytest.fixture
    def draw(self) -> Draw:
        """Inputs drawn for this submission and check."""
        return self._running().draw

    def _running(self) -> CheckContext:
        assert self._checks is not None
        assert self._checks.running is not None, "a hidden check runs only while a submission is graded"
        return self._checks.running

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # An exception in here would become pytest's internal error: it is kept, and raised by `run_hidden`.
        try:
            if not self.broken:
                self._checks = CollectedChecks(session, self._assignment, self._kind, hooks=self._hooks)
                self._body(self._checks)
        except BaseException as error:
            self.error = error
        return True

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Notes what was raised. The report is ours: pytest's own would hold the traceback as text, which nobody reads
        and which takes many times longer than the check."""
        failed = call.excinfo is not None
        if call.excinfo is not None and self._checks is not None:
            self._checks.note(call.excinfo.value)
        outcome: Literal["passed", "failed"] = "failed" if failed else "passed"
        assert call.when != "collect"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)


def run_hidden(root: Path, assignment: Assignment, body: Callable[[CollectedChecks], None]) -> None:
    """Collect the hidden checks of an assignment and call `body` with them, within a pytest session.

    Raises `GradingError` when they can't be collected, and whatever `body` raises. The course's root is put on the
    import path, so that checks can import `solutions.<assignment>.<module>`.
    """
    _run("hidden", root / "solutions" / assignment.id / "hidden", root, assignment, body)


def run_visible(root: Path, assignment: Assignment, body: Callable[[CollectedChecks], None]) -> None:
    """The same with the visible checks."""
    _run("visible", root / "exercises" / assignment.id / "checks", root, assignment, body)


def _run(kind: str, folder: Path, root: Path, assignment: Assignment, body: Callable[[CollectedChecks], None]) -> None:
    if not folder.is_dir():
        raise GradingError(f"There are no {kind} checks: {folder} is not a folder.")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    plugin = _Plugin(assignment, kind, body, hooks=any(folder.rglob("conftest.py")))
    options = {"-c": str(_CONFIGURATION), "--rootdir": str(root), "--confcutdir": str(folder)}
    arguments = [text for pair in options.items() for text in pair]
    pytest.main([*arguments, str(folder)], plugins=[plugin])
    if plugin.error is not None:
        raise plugin.error
    if plugin.broken:
        raise GradingError(f"The {kind} checks can't be collected:\n" + "\n".join(plugin.broken))
    if plugin._checks is None:
        raise GradingError(f"pytest found no {kind} checks in {folder}.")
