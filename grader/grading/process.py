"""A grading process: hidden checks and a zygote of its own, and submissions to grade, one after the other.

It holds the secrets, and never runs learner code: that is done by the zygote's children. The main process sends
`Entry` objects over a pipe and gets a `Graded` for each; both ends are ours.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from grader.core.assignment import Assignment, Device, Exercise
from grader.core.errors import KitError
from grader.core.records import ExerciseResult, ExerciseStatus, Source, SubmissionResult, SubmissionStatus
from grader.grading.pool import Broken, end_with_parent, ignore_sigterm
from grader.grading.submission import Entry, Unread
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.run_folder import remove_run_folder
from grader.sandbox.host.template_client import is_alone
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
    with Zygote(plan.isolation, limits, cuda=cuda, hide=plan.hide, beside=beside) as zygote:
        from grader.grading.collected_checks import CollectedChecks, run_hidden
        from grader.grading.diagnose import Diagnosis
        from grader.grading.grade_one import Grader
        from grader.grading.reader_client import Reader
        from grader.sandbox.inside.libraries import freeze_objects
        from grader.sandbox.inside.warmup import first_steps

        first_steps()  # the references need them as well
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
