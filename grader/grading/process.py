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

from grader.collect import Entry, Submission, Unread, read_entry
from grader.course.model import Assignment, Device, Exercise
from grader.errors import KitError
from grader.grading.isolation import Isolation
from grader.grading.lifetime import end_undisturbed, end_with_parent, is_alone
from grader.grading.run_folder import leave_nothing
from grader.records import ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.selfcheck.leaving import leave


@dataclass(frozen=True)
class Plan:
    """What all submissions of a batch are graded with. `hide` are folders that learners' processes must not see."""

    root: Path
    assignment: Assignment
    seed: int
    device: Device
    isolation: Isolation
    hide: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Graded:
    """A result, the digest of what was graded, how long it took, and what failed on our side, if anything did."""

    result: SubmissionResult
    digest: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class Broken:
    """This process can't grade at all, for this reason."""

    why: str


def serve(pipe: Connection, plan: Plan) -> None:
    """Grade what comes through the pipe until it is closed, or this process is told to end, or the main process has."""
    try:
        end_with_parent()
        _serve(pipe, plan)
    except KeyboardInterrupt:
        pass
    finally:
        if is_alone():
            leave_nothing()
    leave(0)  # taking an interpreter with torch apart costs nearly as long as loading it


def _serve(pipe: Connection, plan: Plan) -> None:
    from grader.grading.zygote import Zygote

    # It imports torch while this process does.
    with Zygote(plan.isolation, plan.assignment.limits, cuda=plan.device == "cuda", hide=plan.hide) as zygote:
        import torch

        from grader.diagnosis import Diagnosis
        from grader.grading.submission import Grader
        from grader.rehearsal.collected import CollectedChecks, run_hidden
        from grader.worker.warm import first_steps, settle

        torch.set_num_threads(1)
        first_steps()  # the references need them as well, and the zygote is at it just now
        settle()

        def grade_all(checks: CollectedChecks) -> None:
            diagnosis = Diagnosis.of(plan.root, plan.assignment, checks)
            grader = Grader(plan.assignment, checks, zygote, plan.seed, plan.device, diagnosis)
            while True:
                try:
                    entry = pipe.recv()
                except (EOFError, ConnectionError):
                    end_undisturbed()
                    return  # the main process is gone, or needs this one no longer
                pipe.send(_graded(entry, grader))

        with contextlib.suppress(ConnectionError):
            try:
                run_hidden(plan.root, plan.assignment, grade_all)
            except KitError as error:
                pipe.send(Broken(str(error)))


def _graded(entry: Entry, grader: object) -> Graded:
    from grader.grading.submission import Grader

    assert isinstance(grader, Grader)
    started = time.monotonic()
    read = read_entry(entry, grader.assignment)
    if isinstance(read, Unread):
        return Graded(unread_result(read, grader.assignment), read.digest, time.monotonic() - started)
    assert isinstance(read, Submission)
    grader.fault = ""
    result = grader.grade(read)
    return Graded(result, read.digest, time.monotonic() - started, grader.fault)


def unread_result(unread: Unread, assignment: Assignment) -> SubmissionResult:
    """The result of a submission that could not be read: nothing was tried, and the note says why."""
    return _empty(unread.student, unread.status, ExerciseStatus.TODO, unread.note, assignment)


def lost_result(student: str, assignment: Assignment) -> SubmissionResult:
    """The result of a submission whose grading process ended twice."""
    note = "Our grading ended twice while it looked at this submission. It will be graded again."
    return _empty(student, SubmissionStatus.GRADER_ERROR, ExerciseStatus.GRADER_ERROR, note, assignment)


def _empty(
    student: str, status: SubmissionStatus, each: ExerciseStatus, note: str, assignment: Assignment
) -> SubmissionResult:
    def empty(exercise: Exercise) -> ExerciseResult:
        return ExerciseResult(exercise.id, each, 0.0, float(exercise.points))

    return SubmissionResult(student, status, tuple(map(empty, assignment.exercises.values())), note)
