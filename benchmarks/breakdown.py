"""Where the time of grading one right submission goes, exercise by exercise: for those who make it faster."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import torch

from benchmarks.floor import grade_in_process
from benchmarks.subject import ASSIGNMENT, ROOT, SEED
from benchmarks.submissions import modules, students, write
from grader.collect import Entry, Submission, find_entries, read_entry
from grader.course import find_assignment, load_course
from grader.diagnosis import Diagnosis
from grader.grading.child import Child
from grader.grading.isolation import choose_isolation
from grader.grading.submission import Grader
from grader.grading.zygote import Zygote
from grader.rehearsal.collected import CollectedChecks, run_hidden

R = TypeVar("R")


@dataclass(frozen=True)
class Part:
    """Median milliseconds of one exercise: in all, waiting for the child's answers, starting and ending children, and
    the same checks in process. `calls` is how often the child was asked."""

    exercise: str
    total: float
    child: float
    spawn: float
    calls: int
    floor: float
    floor_learner: float


_STATIONS = (
    (Child, "answer", "child"),
    (Zygote, "spawn", "spawn"),
    (Zygote, "dismiss", "spawn"),
    (Zygote, "prepare", "spawn"),
)


class _Stopwatch:
    """Seconds by exercise and station; what is not within an exercise is `around`."""

    def __init__(self) -> None:
        self.exercise = "around"
        self.spent: dict[tuple[str, str], float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)

    def timed(self, station: str, function: Callable[..., R]) -> Callable[..., R]:
        """The function, with its time noted."""

        def call(*args: Any, **kwargs: Any) -> R:
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self.spent[self.exercise, station] += time.perf_counter() - started
                self.calls[self.exercise] += station == "child"

        return call

    def exercises(self, function: Callable[..., R]) -> Callable[..., R]:
        """The function that grades one exercise (its third argument has the id), with all that is within it noted."""

        def call(grader: Any, submission: Any, session: Any, exercise: Any, *rest: Any) -> R:
            self.exercise = exercise.id
            try:
                return self.timed("total", function)(grader, submission, session, exercise, *rest)
            finally:
                self.exercise = "around"

        return call


def measure_parts(rounds: int) -> list[Part]:
    """Grade a few submissions in this process, with a sandbox of its own, and give medians."""
    torch.set_num_threads(1)
    assignment = find_assignment(load_course(ROOT), ASSIGNMENT)
    watches: list[_Stopwatch] = []

    def grade_all(checks: CollectedChecks) -> None:
        grader = Grader(assignment, checks, zygote, SEED, "cpu", Diagnosis.of(ROOT, assignment, checks))
        for entry in find_entries(folder).entries:
            assert isinstance(entry, Entry)
            watch = _Stopwatch()
            with ExitStack() as stack:
                for owner, name, station in _STATIONS:
                    stack.enter_context(patch.object(owner, name, watch.timed(station, getattr(owner, name))))
                stack.enter_context(patch.object(Grader, "_exercise", watch.exercises(Grader._exercise)))
                started = time.perf_counter()
                submission = read_entry(entry, assignment)
                assert isinstance(submission, Submission)
                grader.grade(submission)
                watch.spent["all", "total"] = time.perf_counter() - started
            watches.append(watch)

    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as work,
        Zygote(choose_isolation(None)[0], assignment.limits) as zygote,
    ):
        folder = write(Path(work), rounds + 1)
        run_hidden(ROOT, assignment, grade_all)
    sources = [modules(student) for student in students(rounds + 1)]
    floors = [grade_in_process(source) for source in sources][1:]

    def median(exercise: str, station: str) -> float:
        return 1e3 * statistics.median(watch.spent[exercise, station] for watch in watches[1:])

    parts = []
    for exercise in assignment.exercises:
        floor = 1e3 * statistics.median(each.exercises[exercise] for each in floors)
        learner = 1e3 * statistics.median(each.learner_by_exercise[exercise] for each in floors)
        total, child, spawn = (median(exercise, station) for station in ("total", "child", "spawn"))
        parts.append(Part(exercise, total, child, spawn, watches[-1].calls[exercise], floor, learner))
    around = median("all", "total") - sum(part.total for part in parts)
    parts.append(Part("around them", around, median("around", "child"), median("around", "spawn"), 0, 0.0, 0.0))
    return parts


if __name__ == "__main__":
    print(json.dumps([asdict(part) for part in measure_parts(int(sys.argv[1]))]))
