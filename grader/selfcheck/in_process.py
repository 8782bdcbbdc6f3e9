"""The transport of the self-check: a learner's functions called in this very process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import torch

from grader.checks import CheckFailed
from grader.checks.describe import call_text
from grader.checks.source import place_of
from grader.inert import inert
from grader.records import CheckStatus, Finding
from grader.selfcheck.course_file import Exercise
from grader.selfcheck.learner_files import LearnerFiles
from grader.selfcheck.printed import Printed
from grader.selfcheck.time_limit import TimeLimit, TookTooLong
from grader.wire.messages import Call, Place, Raised, Reply
from grader.worker.modules import LearnerModules
from grader.worker.perform import Functions, perform

# Not KeyboardInterrupt: Ctrl-C ends the run.
STOP = (Exception, SystemExit)


class Code(Functions, Protocol):
    """The learner's code; `error` is the last exception that came out of it, with its traceback."""

    error: BaseException | None

    def imported(self, module: str, stop: tuple[type[BaseException], ...]) -> Raised | None:
        """Import a module now; what went wrong, if anything did."""

    def forget(self) -> None:
        """Take the code out of this process."""


class InProcess:
    """Calls the functions of one lesson, which are in `files`, or else in `code`.

    `stopped` is set from outside when the rest of an exercise need not be tried; `printed` gathers what was printed
    since it was last cleared; `error` is the exception that came out of the last call, with its traceback; `unusable`
    says of modules why nothing in them can be called; `theirs` is what the learner's code has set for all of torch.
    """

    def __init__(self, files: LearnerFiles, limit: TimeLimit, *, show: bool = False, code: Code | None = None) -> None:
        self.files = files
        self.stopped: CheckFailed | None = None
        self.printed = ""
        self.error: BaseException | None = None
        self._limit = limit
        self._show = show
        self._modules = code or _Modules(files.texts, {module: str(files.path(module)) for module in files.texts})
        self._ready: set[str] = set()
        self.unusable: dict[str, str] = dict(files.problems)
        self._imports: dict[str, BaseException] = {}
        self._hung: dict[str, Finding] = {}
        # What a learner's code sets for the whole of torch holds for the learner's calls, not for the checks.
        self.theirs = (torch.float32, True)

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now. Raises `CheckFailed` when the module can't be read, or it ran into the time limit."""
        done = self._perform(call)
        return lambda: done

    def _perform(self, call: Call) -> tuple[Reply | Raised, str]:
        self.error = None
        if self.stopped:
            raise CheckFailed(self.stopped.finding, self.stopped.status)
        if call.module in self.files.problems:
            raise CheckFailed(Finding(self.files.problems[call.module]))
        failed = self._imported(call.module)
        if failed:
            self.error = self._imports.get(call.module)
            return failed, ""
        captured = Printed(self._show)
        self._modules.error = None
        try:
            with self._limit.running(), self._settings(), captured.captured():
                outcome = perform(call, self._modules, "cpu", STOP)
        except TookTooLong as late:
            called = (("called", call_text(call.function, call.args)),)
            raise self._late(f"It was still running after {self._limit.seconds:g} seconds.", called, late) from None
        finally:
            self.printed += captured.all
        if isinstance(outcome, Raised):
            self.error = self._modules.error
        return outcome, captured.out

    def line_of(self, place: Place) -> str:
        """`lesson.py, line 31:  return total`."""
        lines = self.files.texts.get(place.module, "").split("\n")
        shown = inert(lines[place.line - 1].strip(), 100) if 0 < place.line <= len(lines) else ""
        where = self.where(place)
        return f"{where}:  {shown}" if shown else where

    def where(self, place: Place) -> str:
        """Where the learner finds a place: `lesson.py, line 31`."""
        return f"{place.module}.py, line {place.line}"

    def definition(self, module: str, function: str) -> Place | None:
        """Where the function returns its result."""
        line = place_of(self.files.texts.get(module, ""), function)
        return Place(module, line, function) if line else None

    def place(self, exercise: Exercise) -> tuple[tuple[str, str], ...]:
        """Where an exercise's function is, as a fact for a finding."""
        found = self.definition(exercise.module, exercise.function)
        return (("where", self.line_of(found)),) if found else ()

    def is_learners(self, filename: str) -> bool:
        """Whether a file is one of the learner's modules."""
        return any(filename == str(self.files.path(module)) for module in self.files.texts)

    def forget(self) -> None:
        """Take the learner's modules out of this process."""
        self._modules.forget()

    def _imported(self, module: str) -> Raised | None:
        """Import the module, once; a module that hung is not tried again."""
        if module in self._ready:
            return None
        if module in self._hung:
            raise CheckFailed(self._hung[module], CheckStatus.TIMED_OUT)
        captured = Printed(self._show)
        self._modules.error = None
        try:
            with self._limit.running(), self._settings(), captured.captured():
                failed = self._modules.imported(module, STOP)
        except TookTooLong as late:
            file = self.files.path(module).name
            summary = f"{file} was still busy after {self._limit.seconds:g} seconds of being imported."
            failure = self._late(summary, (), late)
            self._hung[module] = failure.finding
            self.unusable[module] = summary
            raise failure from None
        finally:
            self.printed += captured.all
        if failed is None:
            self._ready.add(module)
        else:
            place = f" ({self.where(failed.where[-1])})" if failed.where else ""
            self.unusable[module] = inert(f"{failed.type_name}: {failed.message}", 200) + place
        if self._modules.error is not None:
            self._imports[module] = self._modules.error
        return failed

    def _late(self, summary: str, facts: tuple[tuple[str, str], ...], late: TookTooLong) -> CheckFailed:
        places = self._modules.raised("call", late).where
        where = (("where", self.line_of(places[-1])),) if places else ()
        return CheckFailed(Finding(summary, (*facts, *where)), CheckStatus.TIMED_OUT)

    @contextmanager
    def _settings(self) -> Iterator[None]:
        ours = (torch.get_default_dtype(), torch.is_grad_enabled())
        _set(*self.theirs)
        try:
            yield
        finally:
            self.theirs = (torch.get_default_dtype(), torch.is_grad_enabled())
            _set(*ours)


class _Modules(LearnerModules):
    """Keeps the exceptions themselves, for tracebacks and debuggers."""

    error: BaseException | None = None

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data."""
        self.error = error
        return super().raised(stage, error)


def _set(dtype: torch.dtype, grad: bool) -> None:
    torch.set_default_dtype(dtype)
    torch.set_grad_enabled(grad)
