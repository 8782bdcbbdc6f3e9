"""A batch: entries given out to grading processes, results gathered as they come, nothing lost when one dies.

A grading process has hidden checks and a zygote of its own, and submissions to grade, one after the other. It holds the
secrets, and never runs learner code: that is done by the zygote's children. The main process sends `Entry` objects over
a pipe and gets a `Graded` for each; both ends are ours.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from grader.core.assignment import Assignment, Device, Exercise
from grader.core.errors import KitError
from grader.core.labels import joined
from grader.core.records import ExerciseResult, ExerciseStatus, Source, SubmissionResult, SubmissionStatus
from grader.grading.pool import Broken, Lost, Pool, end_with_parent, ignore_sigterm, is_alone
from grader.grading.submission import Entry, Unread
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.run_folder import remove_run_folder
from grader.selfcheck.fast_exit import leave

if TYPE_CHECKING:
    from grader.grading.grade_one import Grader
    from grader.grading.reader_client import Reader


@dataclass(frozen=True)
class GradingPlan:
    """What all submissions of a batch are graded with. `hide` are folders that learners' processes must not see."""

    root: Path
    assignment: Assignment
    seed: int
    device: Device
    isolation: Isolation
    hide: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Graded:
    """A result, the digest of what was graded, how long it took, and what failed on our side, if anything did.

    `doubtful` are exercises that only the wall clock stopped: this machine may have been too busy. `sources` are the
    modules, as they were graded."""

    result: SubmissionResult
    digest: str
    seconds: float
    fault: str = ""
    doubtful: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


def serve(pipe: Connection, plan: GradingPlan) -> None:
    """Grade what comes through the pipe until it is closed, or this process is told to end, or the main process has."""
    try:
        end_with_parent()
        _serve(pipe, plan)
    except KeyboardInterrupt:
        pass
    finally:
        if is_alone():
            remove_run_folder()
    leave(0)  # taking an interpreter with torch apart costs nearly as long as loading it


def _serve(pipe: Connection, plan: GradingPlan) -> None:
    from grader.sandbox.host.zygote_client import Zygote
    from grader.sandbox.host.zygote_process import public_files

    limits, cuda, beside = plan.assignment.limits, plan.device == "cuda", public_files(plan.root, plan.assignment)
    # It imports torch while this process does.
    with Zygote(plan.isolation, limits, cuda=cuda, hide=plan.hide, beside=beside) as zygote:
        import torch

        from grader.grading.collected_checks import CollectedChecks, run_hidden
        from grader.grading.diagnose import Diagnosis
        from grader.grading.grade_one import Grader
        from grader.grading.reader_client import Reader
        from grader.sandbox.inside.libraries import freeze_objects
        from grader.sandbox.inside.warmup import first_steps

        torch.set_num_threads(1)
        first_steps()  # the references need them as well, and the zygote is at it just now
        freeze_objects()

        def grade_all(checks: CollectedChecks) -> None:
            diagnosis = Diagnosis.of(plan.root, plan.assignment, checks)
            grader = Grader(plan.assignment, checks, zygote, plan.seed, plan.device, diagnosis)
            reader = Reader(zygote, plan.assignment, runs=True)
            grader.find_edits = reader.edits
            while True:
                try:
                    entry = pipe.recv()
                except (EOFError, ConnectionError):
                    ignore_sigterm()
                    return  # the main process is gone, or needs this one no longer
                pipe.send(_graded(entry, reader, grader))

        with contextlib.suppress(ConnectionError):
            try:
                run_hidden(plan.root, plan.assignment, grade_all)
            except KitError as error:
                pipe.send(Broken(str(error)))


def _graded(entry: Entry, reader: Reader, grader: Grader) -> Graded:
    from grader.sandbox.host.child import WorkerFault

    started = time.monotonic()
    try:
        read = reader.read(entry)
    except WorkerFault as error:
        result = lost_result(entry.student, grader.assignment)
        return Graded(result, "", time.monotonic() - started, f"{entry.student}: {error}")
    if isinstance(read, Unread):
        return Graded(unread_result(read, grader.assignment), read.digest, time.monotonic() - started)
    grader.fault = ""
    result = grader.grade(read, entry.previous)
    sources = read.sources()
    return Graded(result, read.digest, time.monotonic() - started, grader.fault, tuple(grader.doubtful), sources)


def unread_result(unread: Unread, assignment: Assignment) -> SubmissionResult:
    """The result of a submission that could not be read: nothing was tried, and the note says why."""
    return _empty(unread.student, unread.status, ExerciseStatus.NOT_FOUND, unread.note, assignment)


def lost_result(student: str, assignment: Assignment) -> SubmissionResult:
    """The result of a submission that our machinery failed on twice."""
    note = "Our grading failed twice on this submission. The submission will be graded again."
    return _empty(student, SubmissionStatus.GRADER_ERROR, ExerciseStatus.GRADER_ERROR, note, assignment)


def _empty(
    student: str, status: SubmissionStatus, each: ExerciseStatus, note: str, assignment: Assignment
) -> SubmissionResult:
    def empty(exercise: Exercise) -> ExerciseResult:
        return ExerciseResult(exercise.id, each, 0.0, float(exercise.points))

    return SubmissionResult(student, status, tuple(map(empty, assignment.exercises.values())), note)


TRIES = 2
# A process imports torch twice before its first submission: for fewer submissions than this it doesn't pay.
WORTH_A_PROCESS = 4


class Workers(Protocol):
    """What grades entries: processes of this machine, or a cluster."""

    def results(self, waiting: deque[Entry], *, at_once: int) -> Iterator[tuple[Entry, Any]]:
        """Each entry with its `Graded`, or with `Lost`, as they are ready. Entries may be added meanwhile."""


# Starts as many as there are to be, for a plan.
Start = Callable[[GradingPlan, int], AbstractContextManager[Workers]]


def processes_here(plan: GradingPlan, count: int) -> AbstractContextManager[Workers]:
    """`count` grading processes of this machine."""
    return Pool[Entry](serve, plan, count)


@dataclass
class Batch:
    """Grades entries, `jobs` at a time, with what `start` starts for that. `faults` gathers what failed on our side;
    `notices` what a person has to look at."""

    plan: GradingPlan
    jobs: int
    start: Start = processes_here
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _open: dict[str, None] = field(default_factory=dict)
    _waiting: deque[Entry] = field(default_factory=deque)

    def under_way(self) -> list[str]:
        """Whose submissions are being graded: they were given out in order, and have no result."""
        return list(islice(self._open, max(0, len(self._open) - len(self._waiting))))

    def run(self, entries: Iterable[Entry | Unread]) -> Generator[Graded, None, None]:
        """Results in the order in which they are ready. Raises `GradingError` when grading can't even begin.

        An entry whose process dies is tried once more in a fresh one. One that only the wall clock stopped is graded
        again at the end, when nothing else runs. Closing the iterator ends all processes.
        """
        waiting: deque[Entry] = deque()
        for entry in entries:
            if isinstance(entry, Unread):
                yield self._marked(Graded(unread_result(entry, self.plan.assignment), entry.digest, 0.0))
            else:
                waiting.append(entry)
        again: deque[Entry] = deque()
        with self.start(self.plan, min(self.jobs, -(-len(waiting) // WORTH_A_PROCESS))) as pool:
            for entry, graded in self._graded(pool, waiting, at_once=self.jobs):
                if graded.doubtful:
                    again.append(entry)
                else:
                    yield graded
            for _, graded in self._graded(pool, again, at_once=1):
                if graded.doubtful:
                    self.notices.append(_doubt(graded))
                yield graded

    def _graded(self, pool: Workers, waiting: deque[Entry], *, at_once: int) -> Iterator[tuple[Entry, Graded]]:
        """What came of each entry. One whose process died is tried once more."""
        self._open, self._waiting = dict.fromkeys(entry.student for entry in waiting), waiting
        lost: dict[str, int] = {}
        for entry, answer in pool.results(waiting, at_once=at_once):
            graded = answer
            if isinstance(answer, Lost):
                self.faults.append(f"{entry.student}: {answer}")
                lost[entry.student] = lost.get(entry.student, 0) + 1
                if lost[entry.student] < TRIES:
                    waiting.appendleft(entry)
                    continue
                graded = Graded(lost_result(entry.student, self.plan.assignment), "", 0.0)
            if graded.fault:
                self.faults.append(graded.fault)
            self._open.pop(entry.student, None)
            yield entry, self._marked(graded)

    def _marked(self, graded: Graded) -> Graded:
        """The result says when learners' code was not shut in."""
        if self.plan.isolation.level != "none":
            return graded
        return replace(graded, result=replace(graded.result, trusted=True))


def _doubt(graded: Graded) -> str:
    """What is said of a submission that only the wall clock stopped, twice."""
    name = graded.result.student
    return (
        f"{name}: {joined(graded.doubtful)} had to be stopped, and may have waited for the machine rather than run; so "
        f"it was graded again, alone, and had to be stopped again. Once nothing else runs here: --resume --only {name}"
    )
