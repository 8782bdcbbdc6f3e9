"""Processes that try implementations out: each holds the hidden checks, collected once, and remembers its answers.

An answer may depend on the calls before it, so what is remembered is the answer to a whole sequence of calls.

Mutants may hang where Python can't interrupt them, or end the process: that costs one process, and the task is said to
be lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grader.audit.bench import Bench
from grader.audit.equivalents import Answer, Claims
from grader.audit.trials import Subject
from grader.audit.visible_trials import AtHome, at_home
from grader.core.assignment import Assignment
from grader.core.errors import BankError, KitError
from grader.grading.bank import Bank, load_bank
from grader.grading.collected_checks import CollectedChecks, run_hidden, run_visible
from grader.grading.diagnose import Diagnosis
from grader.grading.local_run import LocalTransport
from grader.grading.pool import Broken, Lost, Pool, end_with_parent
from grader.sandbox.protocol.messages import Call
from grader.selfcheck.fast_exit import leave


class Remembered:
    """All that was answered so far, by implementation and sequence of calls."""

    def __init__(self) -> None:
        self._known: dict[bytes, Answer | None] = {}

    @contextmanager
    def stage(self, sources: Mapping[str, str]) -> Iterator[_Stage]:
        """A stage for an implementation; its modules are imported only when there is something new to ask."""
        stage = _Stage(sources, self._known)
        try:
            yield stage
        finally:
            stage.close()


class _Stage:
    def __init__(self, sources: Mapping[str, str], known: dict[bytes, Answer | None]) -> None:
        self._sources = sources
        self._known = known
        self._calls: list[Call] = []
        self._key = hashlib.sha256(repr(sorted(sources.items())).encode()).digest()
        self._real: LocalTransport | None = None

    def answer(self, call: Call) -> Answer | None:
        """What comes of a call, after those before it."""
        # Not to be read again: the bytes only stand for the call.
        self._key = hashlib.sha256(self._key + pickle.dumps(call)).digest()
        self._calls.append(call)
        if self._real is None and self._key not in self._known:
            self._real = LocalTransport(self._sources)
            for earlier in self._calls[:-1]:
                self._real.answer(earlier)
        if self._real is not None:
            self._known[self._key] = self._real.answer(call)
        return self._known[self._key]

    def close(self) -> None:
        """Take the modules out of this process."""
        if self._real is not None:
            self._real.__exit__()


LONGEST = 300.0  # seconds in which no process is done with anything


@dataclass(frozen=True)
class AuditPlan:
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
class Show:
    """The task of telling what the checks see of an implementation: features, or None."""

    subject: Subject


Task = Subject | Claims | Ask | Show


class Workers(Pool[Task]):
    """A few processes, for `with`. Raises `GradingError` when the hidden checks can't be collected."""

    def __init__(self, plan: AuditPlan, jobs: int) -> None:
        super().__init__(_serve, plan, jobs, longest=LONGEST)
        self._jobs = jobs

    def do(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
        """Each task with what came of it, in the order in which they are done."""
        return self.results(deque(tasks), at_once=self._jobs)

    def in_order(self, tasks: Sequence[Task]) -> list[Any]:
        """What came of each task, in their order."""
        done = {id(task): result for task, result in self.do(tasks)}
        return [done[id(task)] for task in tasks]


def tried_at_home(plan: AuditPlan, subjects: Sequence[Subject], jobs: int) -> list[AtHome]:
    """What the visible checks show of implementations. Raises `GradingError` when they can't be collected."""
    if not subjects:
        return []
    jobs = min(jobs, len(subjects))
    with Pool[Subject](_serve_at_home, plan, jobs, longest=LONGEST) as workers:
        found = {subject.id: result for subject, result in workers.results(deque(subjects), at_once=jobs)}
    ended = AtHome("", "that it was in", "It ends the process.")
    return [
        replace(ended, subject=each.id) if isinstance(found[each.id], Lost) else found[each.id] for each in subjects
    ]


def _serve(pipe: Connection, plan: AuditPlan) -> None:
    """Do what comes through the pipe until it is closed, or this process is told to end."""

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

    _serve_with(pipe, partial(run_hidden, plan.root, plan.assignment, work))


def _serve_at_home(pipe: Connection, plan: AuditPlan) -> None:
    """The same with the visible checks: each task is an implementation, tried as in a learner's self-check."""

    def work(checks: CollectedChecks) -> None:
        while True:
            subject = pipe.recv()
            pipe.send(at_home(checks, plan.assignment, subject, plan.reference))

    _serve_with(pipe, partial(run_visible, plan.root, plan.assignment, work))


def _serve_with(pipe: Connection, run: Callable[[], None]) -> None:
    with contextlib.suppress(KeyboardInterrupt, ConnectionError, EOFError):
        end_with_parent()
        from grader.sandbox.inside.libraries import freeze_objects
        from grader.sandbox.inside.warmup import first_steps

        first_steps()
        freeze_objects()
        warnings.simplefilter("ignore")  # what a wrong implementation warns of is nobody's news
        try:
            run()
        except KitError as error:
            pipe.recv()
            pipe.send(Broken(str(error)))
    leave(0)  # taking an interpreter with torch apart costs nearly as long as loading it


def _done(bench: Bench, task: Task) -> Any:
    if isinstance(task, Subject):
        return bench.trial(task)
    if isinstance(task, Show):
        return bench.features(task.subject)
    return bench.shown(task) if isinstance(task, Claims) else bench.facts(task.exercise)
