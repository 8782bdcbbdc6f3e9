"""The checks of one exercise, run on a trusted implementation in this very process: no sandbox, no wire.

A call has a limit of its own. Here the kernel's interval timer interrupts, and not a thread: it counts CPU time, so
that no verdict depends on how busy the machine is. Where there is none (Windows), the other one is used.

For measuring checks and for comparing with misconceptions, which are the course author's own code. Never for a
learner's: it would share the process with the hidden checks. The verdict is found as in the real run, by
`grader.checks.scoring.judge`, from the same checks and the same drawn inputs.

    sources = implemented(reference_sources, "from_scratch", implementation.source)
    local_run = run_locally(checks, assignment, exercise, sources, derive(seed, student, exercise.id))
    local_run.result.score, local_run.outcomes, local_run.calls
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from grader.checks import CheckFailed, Draw, Function, Student
from grader.checks.observed import CallRecord
from grader.checks.scoring import CheckOutcome, Used, judge
from grader.checks.student import derive
from grader.checks.transport import Source
from grader.core.assignment import Assignment, Exercise
from grader.core.records import CheckStatus, ExerciseResult, Finding
from grader.grading.collected_checks import CollectedChecks
from grader.reading.definitions import place_of, signature_of
from grader.sandbox.inside.execute import TorchSettings, perform
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.selfcheck.run import calls_seed, draw_seed
from grader.selfcheck.time_limits import ATTEMPTS, REPEAT_SECONDS, TimeForImports, TimeLimit, TookTooLong

GAVE_UP = 70  # the exit status of a process that can't stop what runs in it


class Alarm:
    """Raises `TookTooLong` out of a `with alarm.running():` that computes longer than `seconds`; 0 for no limit. No
    library is interrupted while it is imported (see `grader.selfcheck.time_limits`).

    Code that goes on all the same, by catching everything or in one endless operation of a library, can't be stopped
    from within: the process ends with the status `GAVE_UP`.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._rung = 0
        self._more = TimeForImports(seconds)
        self._running = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """The limit holds within. Only the main thread can be interrupted; in another there is no limit."""
        if not self.seconds or threading.current_thread() is not threading.main_thread():
            yield
            return
        if not hasattr(signal, "setitimer"):
            limit = TimeLimit(self.seconds, _give_up)
            try:
                with limit.running():
                    yield
            finally:
                limit.end()
            return
        before = signal.signal(signal.SIGPROF, self._ring)
        try:
            self._rung, self._more, self._running = 0, TimeForImports(self.seconds), True
            signal.setitimer(signal.ITIMER_PROF, self.seconds, REPEAT_SECONDS)
            yield
        finally:
            try:
                self._running = False
            finally:  # an interruption that comes just now finds it false the second time
                self._running = False
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.signal(signal.SIGPROF, before)

    def _ring(self, _number: int, frame: FrameType | None) -> None:
        if self._running and (seconds := self._more.granted(frame)):
            signal.setitimer(signal.ITIMER_PROF, seconds, REPEAT_SECONDS)
            return
        self._rung += 1
        if self._rung > ATTEMPTS:
            _give_up()
        if self._running:
            raise TookTooLong


def _give_up() -> None:
    os._exit(GAVE_UP)


SECONDS = 1.0  # that one call may take, unless told otherwise
SELF_CHECK_SECONDS = 10.0  # as in `pytest exercises`, where nobody changed it
_STOP = (Exception, SystemExit)


# What finds forbidden functions in a source: `grader.reading.name_resolution.forbidden_uses`.
FindUses = Callable[[str, str, Sequence[str]], Sequence[Used]]


@dataclass(frozen=True)
class LocalRun:
    """What the checks of one exercise found: the result as it would be recorded, each check's outcome, and every call
    in order."""

    result: ExerciseResult
    outcomes: tuple[CheckOutcome, ...]
    calls: tuple[CallRecord, ...]


def run_locally(
    checks: CollectedChecks,
    assignment: Assignment,
    exercise: Exercise,
    sources: Mapping[str, str],
    seed: int,
    *,
    earlier: Mapping[str, ExerciseResult] | None = None,
    only: Collection[str] | None = None,
    ahead: bool = True,
    seconds: float = SECONDS,
    find_uses: FindUses | None = None,
) -> LocalRun:
    """Run the hidden checks of `exercise` on the modules `sources`, with what `seed` draws.

    `seed` is the exercise's own: the real run uses `derive(batch seed, student, exercise id)`. `earlier` are results of
    exercises that this one may be blocked by. With `only`, the names of some checks, just those are run and judged.
    Without `ahead`, a check ends at the first call that raises, before it asks the reference anything: faster, and the
    same verdict. A call that takes longer than `seconds` ends the exercise as timed out.
    What a hidden check raises of its own (a reference that breaks) is raised.
    """
    functions = {
        each.function: Function(each.module, each.forbidden if each.id == exercise.id else ())
        for each in assignment.exercises.values()
    }
    with LocalTransport(sources, seconds) as stage:
        student = Student(stage, functions, derive(seed, "calls"), "cpu", ahead=ahead)
        outcomes = checks.run_all(exercise.id, student, seed, only=only)
    uses: list[tuple[Used, str]] = []
    if exercise.forbidden:
        text = sources.get(exercise.module, "")
        found = find_uses(text, exercise.function, exercise.forbidden) if find_uses else ()
        watched = [_Watched(name) for name in sorted(student.seen.get(exercise.function, ()))]
        uses = [(use, "") for use in found or watched]
    result = judge(exercise, outcomes, earlier or {}, uses)
    return LocalRun(result, tuple(outcomes), tuple(student.asked))


def answers(
    calls: Sequence[Call], sources: Mapping[str, str], *, seconds: float = SECONDS
) -> list[tuple[Reply | Raised, str] | None]:
    """What the modules `sources` make of calls that somebody else was asked: reply and print of each; None from the
    call on that took longer than `seconds`."""
    with LocalTransport(sources, seconds) as stage:
        return [stage.answer(call) for call in calls]


def lines_run(calls: Sequence[Call], sources: Mapping[str, str]) -> list[int]:
    """How many lines of the modules `sources` each call runs: a measure of its length that no machine's speed changes.
    One that comes to no end in its time runs more than any other, and so do those behind it."""
    files = {f"{name}.py" for name in sources}
    count = 0

    def line(_frame: FrameType, event: str, _what: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return line

    def entered(frame: FrameType, _event: str, _what: object) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename in files else None

    found: list[int] = []
    with LocalTransport(sources) as stage:
        for call in calls:
            count, before = 0, sys.gettrace()
            sys.settrace(entered)
            try:
                is_answered = stage.answer(call) is not None
            finally:
                sys.settrace(before)
            found.append(count if is_answered else sys.maxsize)
    return found


def implemented(reference: Mapping[str, str], module: str, source: str) -> dict[str, str]:
    """The reference's modules, with the definitions in `source` in place of those in `module`."""
    return {**reference, module: f"{reference[module]}\n\n{source}"}


@dataclass(frozen=True)
class _Watched:
    name: str


class LocalTransport:
    """A transport that calls functions right here, and takes all of their modules out of the process at the end."""

    def __init__(self, sources: Mapping[str, str], seconds: float = SECONDS) -> None:
        self._sources = sources
        self._modules = LearnerModules(sources)
        self._alarm = Alarm(seconds)
        self._stopped: CheckFailed | None = None
        # What a module sets for the whole of torch holds for its own calls, not for the checks.
        self._theirs = TorchSettings()

    def __enter__(self) -> LocalTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self._modules.forget()

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now. One that ran out of time fails the check when it is looked at, and so do all after."""
        try:
            done = self.perform(call)
        except CheckFailed as failure:
            stopped = failure

            def late() -> tuple[Reply | Raised, str]:
                raise stopped

            return late
        return lambda: done

    def answer(self, call: Call) -> tuple[Reply | Raised, str] | None:
        """What comes of a call that somebody else was asked; None when it, or one before it, ran out of time."""
        try:
            return self.perform(call)
        except CheckFailed:
            return None

    def perform(self, call: Call) -> tuple[Reply | Raised, str]:
        """What comes of a call: reply and print. Raises `CheckFailed` when it, or one before it, ran out of time."""
        if self._stopped:
            raise self._stopped
        printed = io.StringIO()
        try:
            with self._alarm.running(), self._theirs.in_force(), contextlib.redirect_stdout(printed), _unwarned():
                answer = perform(call, self._modules, "cpu", _STOP)
        except TookTooLong:
            seconds = f"The function was still running after {self._alarm.seconds:g} seconds."
            self._stopped = CheckFailed(Finding(seconds), CheckStatus.TIMED_OUT)
            raise self._stopped from None
        return answer, printed.getvalue()

    def line_of(self, place: CodeLine) -> str:
        """`lesson.py, line 31:  return total`."""
        lines = self._sources.get(place.module, "").split("\n")
        shown = lines[place.line - 1].strip()[:100] if 0 < place.line <= len(lines) else ""
        where = f"{place.module}.py, line {place.line}"
        return f"{where}:  {shown}" if shown else where

    def definition(self, module: str, function: str) -> CodeLine | None:
        """Where the function returns its result."""
        line = place_of(self._sources.get(module, ""), function)
        return CodeLine(module, line, function) if line else None

    def source(self, module: str, function: str) -> Source:
        """What is known of a function's source. A trusted one is always written."""
        return Source(f"{module}.py", signature=signature_of(self._sources.get(module, ""), function))


@contextmanager
def _unwarned() -> Iterator[None]:
    """What torch and Python warn of in a mistake is nothing for the author's screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


_ENDS = (CheckStatus.TIMED_OUT, CheckStatus.TODO)


@dataclass(frozen=True)
class SelfCheck:
    """What the visible checks of one exercise found, and every call that they made, in order."""

    outcomes: tuple[CheckOutcome, ...]
    calls: tuple[CallRecord, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(outcome.status is CheckStatus.PASSED for outcome in self.outcomes)


def self_checked(
    checks: CollectedChecks,
    assignment: Assignment,
    exercise: Exercise,
    sources: Mapping[str, str],
    *,
    first_failure: bool = False,
) -> SelfCheck:
    """Run the visible checks of `exercise` on the modules `sources`, up to the first that fails with `first_failure`.
    What a check raises of its own is raised."""
    functions = {each.function: Function(each.module) for each in assignment.exercises.values()}
    outcomes: list[CheckOutcome] = []
    calls: list[CallRecord] = []
    with LocalTransport(sources, SELF_CHECK_SECONDS) as stage:
        for item, info in checks.items[exercise.id]:
            student = Student(stage, functions, calls_seed(exercise.id, item.name))
            draw = Draw(draw_seed(assignment.id, exercise.id, item.name))
            outcomes.append(checks.run(item, info, student, draw))
            calls += student.asked
            status = outcomes[-1].status
            if status in _ENDS or (first_failure and status is not CheckStatus.PASSED):
                break
    return SelfCheck(tuple(outcomes), tuple(calls))
