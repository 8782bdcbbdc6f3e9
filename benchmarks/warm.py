"""One grading process, kept warm: what one more submission costs, without start-up, gradebook and reports."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from itertools import cycle
from pathlib import Path

from benchmarks.runs import NotRight
from benchmarks.subject import ASSIGNMENT, ROOT, SEED
from benchmarks.submissions import write
from grader.collect import Entry, find_entries
from grader.course import find_assignment, load_course
from grader.grading.isolation import choose_isolation
from grader.grading.process import Broken, Graded, Plan, serve
from grader.records import ExerciseStatus

_SPAWN = multiprocessing.get_context("spawn")
SUBMISSIONS = 16


class WarmGrader:
    """The process that a batch with one job gives its submissions to. Use as a context manager."""

    def __init__(self) -> None:
        plan = Plan(ROOT, find_assignment(load_course(ROOT), ASSIGNMENT), SEED, "cpu", choose_isolation(None)[0])
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, plan))
        self._process.start()
        theirs.close()
        self._folder = tempfile.TemporaryDirectory(prefix="benchmark-")
        self._entries = cycle(find_entries(write(Path(self._folder.name), SUBMISSIONS)).entries)

    def __enter__(self) -> WarmGrader:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(10)
        self._process.kill()
        self._folder.cleanup()

    def grade_one(self) -> float:
        """Seconds for one right submission. Raises `NotRight` when it doesn't get full marks."""
        entry = next(self._entries)
        assert isinstance(entry, Entry)
        started = time.perf_counter()
        self._pipe.send(entry)
        answer = self._pipe.recv()
        seconds = time.perf_counter() - started
        if isinstance(answer, Broken):
            raise NotRight(answer.why)
        assert isinstance(answer, Graded)
        for exercise in answer.result.exercises:
            if exercise.status is not ExerciseStatus.PASSED:
                why = exercise.finding.summary if exercise.finding else answer.fault
                raise NotRight(f"a warm grading process found {exercise.id} {exercise.status}: {why}")
        return seconds
