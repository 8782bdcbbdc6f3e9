"""Processes that try implementations out: each holds the hidden checks, collected once, and does one task at a time.

Mutants may hang where Python can't interrupt them, or end the process: that costs one process, and the task is said to
be lost.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from grader.audit.bench import Bench
from grader.audit.equivalents import Claims
from grader.audit.remembered import Remembered
from grader.audit.subjects import Subject
from grader.course import Assignment
from grader.diagnosis import Bank, Diagnosis, load_bank
from grader.errors import BankError, GradingError, KitError
from grader.grading.lifetime import deaf_to_the_terminal, end_with_parent
from grader.rehearsal.collected import CollectedChecks, run_hidden
from grader.selfcheck.leaving import leave

_SPAWN = multiprocessing.get_context("spawn")
# Read when a library is first loaded, and so set before the process starts.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
LONGEST = 300.0  # seconds in which no process is done with anything


@dataclass(frozen=True)
class Plan:
    """What every process works with."""

    root: Path
    assignment: Assignment
    reference: dict[str, str]
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Ask:
    """The task of telling `Facts` about an exercise."""

    exercise: str


@dataclass(frozen=True)
class Lost:
    """The process that was at a task ended."""

    exit_code: int | None


@dataclass(frozen=True)
class _Broken:
    why: str


Task = Subject | Claims | Ask


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Task | None = None


class Workers:
    """A few processes, for `with`. Raises `GradingError` when the hidden checks can't be collected."""

    def __init__(self, plan: Plan, jobs: int) -> None:
        self._plan = plan
        self._workers = [self._start() for _ in range(jobs)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()
            worker.process.join()

    def do(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
        """Each task with what came of it, in the order in which they are done."""
        waiting = deque(tasks)
        for worker in self._workers:
            if waiting:
                self._give(worker, waiting.popleft())
        while busy := [worker for worker in self._workers if worker.task is not None]:
            ready = wait([worker.pipe for worker in busy], timeout=LONGEST)
            if not ready:  # what waits for something that never comes computes nothing, and no limit ends it
                for worker in busy:
                    worker.process.kill()
            for pipe in ready:
                worker = next(worker for worker in busy if worker.pipe is pipe)
                task, worker.task = worker.task, None
                assert task is not None
                result = self._received(worker)
                if isinstance(result, Lost):
                    worker.pipe.close()
                    self._workers[self._workers.index(worker)] = worker = self._start()
                if waiting:
                    self._give(worker, waiting.popleft())
                yield task, result

    def in_order(self, tasks: Sequence[Task]) -> list[Any]:
        """What came of each task, in their order."""
        done = {id(task): result for task, result in self.do(tasks)}
        return [done[id(task)] for task in tasks]

    def _give(self, worker: _Worker, task: Task) -> None:
        worker.task = task
        with contextlib.suppress(OSError):  # it has ended: that is noticed when its answer is waited for
            worker.pipe.send(task)

    def _received(self, worker: _Worker) -> Any:
        try:
            result = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            return Lost(worker.process.exitcode)
        if isinstance(result, _Broken):
            raise GradingError(result.why)
        return result

    def _start(self) -> _Worker:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, self._plan))
        before = {name: os.environ.get(name) for name in _ONE_THREAD}
        os.environ.update(_ONE_THREAD)
        try:
            with deaf_to_the_terminal():
                process.start()
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        theirs.close()
        return _Worker(process, ours)


def _serve(pipe: Connection, plan: Plan) -> None:
    """Do what comes through the pipe until it is closed, or this process is told to end."""
    with contextlib.suppress(KeyboardInterrupt, ConnectionError, EOFError):
        end_with_parent()
        import torch

        from grader.worker.warm import first_steps, settle

        torch.set_num_threads(1)
        first_steps()
        settle()
        warnings.simplefilter("ignore")  # what a wrong implementation warns of is nobody's news

        def work(checks: CollectedChecks) -> None:
            # A bank holds functions, which don't cross. One that isn't in order was told of, and names nothing.
            try:
                bank = load_bank(plan.root, plan.assignment)
            except BankError:
                bank = Bank({}, {})
            diagnosis = Diagnosis(plan.assignment, bank, checks, plan.reference, Remembered().stage)
            bench = Bench(plan.assignment, checks, plan.reference, plan.seeds, diagnosis)
            while True:
                pipe.send(_done(bench, pipe.recv()))

        try:
            run_hidden(plan.root, plan.assignment, work)
        except KitError as error:
            pipe.recv()
            pipe.send(_Broken(str(error)))
    leave(0)  # taking an interpreter with torch apart costs nearly as long as loading it


def _done(bench: Bench, task: Task) -> Any:
    if isinstance(task, Subject):
        return bench.trial(task)
    return bench.shown(task) if isinstance(task, Claims) else bench.facts(task.exercise)
