"""What is measured in turns within one process: a warm submission, three fits, the floor.

A process of its own, so that the one that measures memory needs no torch. Prints JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.inprocess import floor
from benchmarks.subject import ASSIGNMENT, ROOT, SEED, modules, write
from grader.core.assignment import find_assignment
from grader.core.records import ExerciseStatus
from grader.course.load import load_course
from grader.grading.collect import find_entries
from grader.grading.pool import Broken
from grader.grading.process import Graded, GradingPlan, serve
from grader.grading.submission import Entry
from grader.sandbox.host.machine import choose_isolation

_SPAWN = multiprocessing.get_context("spawn")


def three_fits() -> float:
    """The yardstick: three trainings as the lesson's last exercise does them, 100 epochs with three batches each."""
    inputs, targets = torch.rand(15, 3) * 100, torch.rand(15, 2) * 100
    started = time.perf_counter()
    for _ in range(3):
        model = nn.Linear(3, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
        loader = DataLoader(TensorDataset(inputs, targets), 5, shuffle=True)
        for _ in range(100):
            for x, y in loader:
                torch.autograd.backward(F.mse_loss(model(x), y))
                optimizer.step()
                optimizer.zero_grad()
    return time.perf_counter() - started


class WarmGrader:
    """The process that a batch with one job gives its submissions to. Use as a context manager."""

    def __init__(self) -> None:
        plan = GradingPlan(ROOT, find_assignment(load_course(ROOT), ASSIGNMENT), SEED, "cpu", choose_isolation(None)[0])
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs, plan))
        self._process.start()
        theirs.close()
        self._folder = tempfile.TemporaryDirectory(prefix="benchmark-")
        self._entries = cycle(find_entries(write(Path(self._folder.name, "in"), 16)).entries)

    def __enter__(self) -> WarmGrader:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join(10)
        self._process.kill()
        self._folder.cleanup()

    def grade_one(self) -> float:
        """Seconds for one right submission."""
        entry = next(self._entries)
        assert isinstance(entry, Entry)
        started = time.perf_counter()
        self._pipe.send(entry)
        answer = self._pipe.recv()
        seconds = time.perf_counter() - started
        if isinstance(answer, Broken):
            sys.exit(answer.why)
        assert isinstance(answer, Graded)
        for exercise in answer.result.exercises:
            if exercise.status is not ExerciseStatus.PASSED:
                why = exercise.finding.summary if exercise.finding else answer.fault
                sys.exit(f"a warm grading process found {exercise.id} {exercise.status}: {why}")
        return seconds


def take_turns(what: set[str], turns: int) -> dict[str, list[float]]:
    """Seconds of each of `what` (warm, fits, floor) for each turn, after one that isn't counted."""
    torch.set_num_threads(1)
    sources = modules("student0000")
    seconds: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        warm = stack.enter_context(WarmGrader()) if "warm" in what else None
        for turn in range(turns + 1):
            if turn == 1:
                seconds.clear()
            if warm:
                seconds["warm"].append(warm.grade_one())
            if "fits" in what:
                seconds["fits"].append(three_fits())
            if "floor" in what:
                seconds["floor"].append(floor(sources))
    return seconds


if __name__ == "__main__":
    print(json.dumps(take_turns(set(sys.argv[2:]), int(sys.argv[1]))))
