"""The hidden checks of one exercise, run on a trusted implementation in this very process: no sandbox, no wire.

For measuring checks and for comparing with known mistakes, which are the course author's own code. Never for a
learner's: it would share the process with the hidden checks. The verdict is found as in the real run, by
`grader.checks.scoring.judge`, from the same checks and the same drawn inputs.

    sources = implemented(reference_sources, "from_scratch", implementation.source)
    rehearsal = rehearse(checks, assignment, exercise, sources, derive(seed, student, exercise.id))
    rehearsal.result.score, rehearsal.outcomes, rehearsal.calls
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from grader.checks import CheckFailed, Draw, Function, Student
from grader.checks.draw import derive
from grader.checks.observed import Asked
from grader.checks.scoring import CheckOutcome, Used, judge
from grader.checks.source import place_of
from grader.course import Assignment, Exercise
from grader.records import CheckStatus, ExerciseResult, Finding
from grader.rehearsal.alarm import Alarm
from grader.rehearsal.collected import CollectedChecks
from grader.selfcheck.time_limit import TookTooLong
from grader.wire.messages import Call, Place, Raised, Reply
from grader.worker.modules import LearnerModules
from grader.worker.perform import perform

SECONDS = 1.0  # that one call may take, unless told otherwise
_OVER = (CheckStatus.TIMED_OUT, CheckStatus.TODO)
_STOP = (Exception, SystemExit)


# What finds forbidden functions in a source: `grader.grading.forbidden.forbidden_uses`.
FindUses = Callable[[str, str, Sequence[str]], Sequence[Used]]


@dataclass(frozen=True)
class Rehearsal:
    """What the checks of one exercise found: the result as it would be recorded, each check's outcome, and every call
    in order."""

    result: ExerciseResult
    outcomes: tuple[CheckOutcome, ...]
    calls: tuple[Asked, ...]


def rehearse(
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
) -> Rehearsal:
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
    outcomes: list[CheckOutcome] = []
    with Stage(sources, seconds) as stage:
        student = Student(stage, functions, derive(seed, "calls"), "cpu", ahead=ahead)
        for item, info in checks.items[exercise.id]:
            if only is not None and item.name not in only:
                continue
            ended = next((outcome for outcome in outcomes if outcome.status in _OVER), None)
            if ended:
                outcomes.append(CheckOutcome(item.name, info, ended.status, ended.finding))
                continue
            outcomes.append(checks.run(item, info, student, Draw(derive(seed, item.name))))
    uses: list[tuple[Used, str]] = []
    if exercise.forbidden:
        text = sources.get(exercise.module, "")
        found = find_uses(text, exercise.function, exercise.forbidden) if find_uses else ()
        watched = [_Watched(name) for name in sorted(student.seen.get(exercise.function, ()))]
        uses = [(use, "") for use in found or watched]
    result = judge(exercise, outcomes, earlier or {}, uses)
    return Rehearsal(result, tuple(outcomes), tuple(student.asked))


def answers(
    calls: Sequence[Call], sources: Mapping[str, str], *, seconds: float = SECONDS
) -> list[tuple[Reply | Raised, str] | None]:
    """What the modules `sources` make of calls that somebody else was asked: reply and print of each; None from the
    call on that took longer than `seconds`."""
    with Stage(sources, seconds) as stage:
        return [stage.answer(call) for call in calls]


def implemented(reference: Mapping[str, str], module: str, source: str) -> dict[str, str]:
    """The reference's modules, with the definitions in `source` in place of those in `module`."""
    return {**reference, module: f"{reference[module]}\n\n{source}"}


@dataclass(frozen=True)
class _Watched:
    name: str


class Stage:
    """A transport that calls functions right here, and takes all of their modules out of the process at the end."""

    def __init__(self, sources: Mapping[str, str], seconds: float = SECONDS) -> None:
        self._sources = sources
        self._modules = LearnerModules(sources)
        self._alarm = Alarm(seconds)
        self._stopped: CheckFailed | None = None
        # What a module sets for the whole of torch holds for its own calls, not for the checks.
        self._theirs = (torch.float32, True)

    def __enter__(self) -> Stage:
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
            with self._alarm.running(), self._settings(), contextlib.redirect_stdout(printed), _unwarned():
                answer = perform(call, self._modules, "cpu", _STOP)
        except TookTooLong:
            seconds = f"It was still running after {self._alarm.seconds:g} seconds."
            self._stopped = CheckFailed(Finding(seconds), CheckStatus.TIMED_OUT)
            raise self._stopped from None
        return answer, printed.getvalue()

    def line_of(self, place: Place) -> str:
        """`lesson.py, line 31:  return total`."""
        lines = self._sources.get(place.module, "").split("\n")
        shown = lines[place.line - 1].strip()[:100] if 0 < place.line <= len(lines) else ""
        where = f"{place.module}.py, line {place.line}"
        return f"{where}:  {shown}" if shown else where

    def definition(self, module: str, function: str) -> Place | None:
        """Where the function returns its result."""
        line = place_of(self._sources.get(module, ""), function)
        return Place(module, line, function) if line else None

    @contextmanager
    def _settings(self) -> Iterator[None]:
        ours = (torch.get_default_dtype(), torch.is_grad_enabled())
        _set(*self._theirs)
        try:
            yield
        finally:
            self._theirs = (torch.get_default_dtype(), torch.is_grad_enabled())
            _set(*ours)


@contextmanager
def _unwarned() -> Iterator[None]:
    """What torch and Python warn of in a mistake is nothing for the author's screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _set(dtype: torch.dtype, grad: bool) -> None:
    torch.set_default_dtype(dtype)
    torch.set_grad_enabled(grad)
