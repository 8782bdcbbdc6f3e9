"""Where the time of grading one right submission goes, exercise by exercise: for those who make it faster."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import torch

from benchmarks.inprocess import floor
from benchmarks.subject import ASSIGNMENT, ROOT, SEED, modules, students, write
from grader.core.assignment import find_assignment
from grader.course.load import load_course
from grader.grading.collect import find_entries
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.grading.diagnose import Diagnosis
from grader.grading.grade_one import Grader
from grader.grading.reader_client import Reader
from grader.grading.submission import Entry, Submission
from grader.sandbox.host.child import Child
from grader.sandbox.host.machine import choose_isolation
from grader.sandbox.host.zygote_client import Zygote

_STATIONS = ((Child, "answer"), (Zygote, "spawn"), (Zygote, "dismiss"), (Zygote, "prepare"), (Grader, "_exercise"))


class _Stopwatch:
    """Milliseconds by exercise and station, and how often the child was asked; "" is what is around exercises."""

    def __init__(self) -> None:
        self.exercise = ""
        self.spent: dict[tuple[str, str], float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)

    def timed(self, station: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time noted."""

        def call(*given: Any, **named: Any) -> Any:
            if station == "_exercise":
                self.exercise = given[3].id
            started = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.spent[self.exercise, station] += 1e3 * (time.perf_counter() - started)
                self.calls[self.exercise] += station == "answer"
                if station == "_exercise":
                    self.exercise = ""

        return call


def measure_parts(rounds: int) -> list[list[Any]]:
    """Medians of a few right submissions, in ms: for each exercise its name, all of its time, waiting for the child's
    answers, starting and ending children, calls, and the same checks in process, and the learner's part of these."""
    torch.set_num_threads(1)
    assignment = find_assignment(load_course(ROOT), ASSIGNMENT)
    watches: list[_Stopwatch] = []

    def grade_all(checks: CollectedChecks) -> None:
        reader = Reader(zygote, assignment)
        grader = Grader(assignment, checks, zygote, SEED, "cpu", Diagnosis.of(ROOT, assignment, checks))
        for entry in find_entries(folder).entries:
            assert isinstance(entry, Entry)
            watches.append(watch := _Stopwatch())
            with ExitStack() as stack:
                for owner, name in _STATIONS:
                    stack.enter_context(patch.object(owner, name, watch.timed(name, getattr(owner, name))))
                started = time.perf_counter()
                submission = reader.read(entry)
                assert isinstance(submission, Submission)
                grader.grade(submission)
                watch.spent["", "_exercise"] = 1e3 * (time.perf_counter() - started) - sum(
                    spent for (_, station), spent in watch.spent.items() if station == "_exercise"
                )

    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as work,
        Zygote(choose_isolation(None)[0], assignment.limits) as zygote,
    ):
        folder = write(Path(work), rounds + 1)
        run_hidden(ROOT, assignment, grade_all)
    floors = [floor(modules(student))[1] for student in students(rounds + 1)][1:]
    rows: list[list[Any]] = []
    for name in (*assignment.exercises, ""):
        answer, spawn, dismiss, prepare, total = (
            median(watch.spent[name, station] for watch in watches[1:]) for _, station in _STATIONS
        )
        alone = [1e3 * median(each[name][part] for each in floors) for part in (0, 1)]
        rows.append([name or "around them", total, answer, spawn + dismiss + prepare, watches[-1].calls[name], *alone])
    return rows


if __name__ == "__main__":
    print(json.dumps(measure_parts(int(sys.argv[1]))))
