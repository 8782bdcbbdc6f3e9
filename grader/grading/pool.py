"""Processes that do one task at a time, are replaced when they die, and end with their parent, however it ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from types import FrameType
from typing import Any, Generic, Self, TypeVar

from grader.core.errors import GradingError
from grader.sandbox.host.template_client import Forked, StartedTemplate, Surroundings, Template, is_alone

Task = TypeVar("Task")
Plan = TypeVar("Plan")

_SECONDS_TO_END = 5.0
_PR_SET_PDEATHSIG = 1
# What a terminal sends to all that runs in it. It is meant for the main process, which ends the others.
_OF_THE_TERMINAL = {signal.SIGINT, signal.SIGHUP}
_MOST_TEMPLATES = 2  # that end before they are of any use
_NO_TEMPLATE = "No process to grade in could be started. Can `python -c 'import torch'` be run?"


@dataclass(frozen=True)
class Lost:
    """What comes of a task whose process ended. `why` is another reason, where there is no exit code."""

    exit_code: int | None
    why: str = ""

    def __str__(self) -> str:
        exit_code = "" if self.exit_code is None else f" (exit code {self.exit_code})"
        return self.why or f"a grading process ended{exit_code}"


@dataclass(frozen=True)
class Broken:
    """What a process sends that can do no task at all, for this reason."""

    why: str


@dataclass
class _Worker(Generic[Task]):
    """One process, and the task that it is at."""

    process: Forked
    pipe: Connection
    task: Task | None = None

    def give(self, task: Task) -> None:
        self.task = task
        with contextlib.suppress(OSError):  # it has ended: that is noticed when its answer is waited for
            self.pipe.send(task)

    def receive(self) -> Any:
        try:
            answer = self.pipe.recv()
        except (EOFError, OSError):
            self.process.wait(_SECONDS_TO_END)
            answer = Lost(self.process.exit_code())
        self.task = None  # not sooner: Ctrl-C may come while an answer is only half here
        return answer

    def tell_to_end(self) -> None:
        if self.task is not None:
            self.process.send_signal(signal.SIGTERM)
        else:
            self.pipe.close()  # then it ends by itself

    def see_its_end(self, deadline: float) -> None:
        self.process.wait(max(0.0, deadline - time.monotonic()))
        self.process.send_signal(signal.SIGKILL)  # one that hangs
        self.process.wait()
        self.process.close()
        self.pipe.close()


_early: list[StartedTemplate] = []


def start_template() -> None:
    """Start one for the next pool, while other things are prepared, within `unused_templates_end`. Raises
    `GradingError`."""
    _early.append(StartedTemplate())


@contextlib.contextmanager
def unused_templates_end() -> Iterator[None]:
    """What was started early, and no pool has taken, ends with the block."""
    try:
        yield
    finally:
        while _early:
            _early.pop().end()


class Pool(Generic[Task]):
    """Some processes, for `with`. Each runs `serve(pipe, plan)`, which answers each task that comes through the pipe
    until that is closed."""

    def __init__(
        self,
        serve: Callable[[Connection, Plan], None],
        plan: Plan,
        count: int,
        *,
        environment: Mapping[str, str] | None = None,
        longest: float | None = None,
    ) -> None:
        """`count` processes, with these variables besides those of this one.

        When none of them is done with anything within `longest` seconds, those at work are killed.
        """
        self._serve = serve
        self._plan = plan
        self._environment = environment or {}
        self._longest = longest
        self._count = count
        self._workers: list[_Worker[Task]] = []
        self._template: StartedTemplate | None = None
        self._useless = 0  # templates that ended too soon

    def __enter__(self) -> Self:
        try:
            for _ in range(self._count):
                self._workers.append(self._start())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._template and not self._template.has_answered():
            self._template.end()  # it is still importing torch: nobody was forked
        for worker in self._workers:
            worker.tell_to_end()
        deadline = time.monotonic() + _SECONDS_TO_END
        for worker in self._workers:
            worker.see_its_end(deadline)
        if self._template:
            self._template.end()
        self._workers, self._template = [], None

    def cut_short(self) -> None:
        """End the processes that are at work: their tasks are `Lost`. May be called from another thread."""
        for worker in list(self._workers):
            if worker.task is not None:
                worker.process.send_signal(signal.SIGTERM)

    def results(self, waiting: deque[Task], *, at_once: int) -> Iterator[tuple[Task, Any]]:
        """Each task with what came of it, in the order in which they are done; `Lost` when its process ended.

        Tasks may be added meanwhile. Raises `GradingError` when a process can do none.
        """
        while True:
            for worker in self._workers[:at_once]:
                if waiting and worker.task is None:
                    worker.give(waiting.popleft())
            busy = [worker for worker in self._workers if worker.task is not None]
            if not busy:
                return
            ready = wait([worker.pipe for worker in busy], timeout=self._longest)
            if not ready:  # what waits for something that never comes computes nothing, and no limit ends it
                for worker in busy:
                    worker.process.send_signal(signal.SIGKILL)
            for pipe in ready:
                worker = next(worker for worker in busy if worker.pipe is pipe)
                task = worker.task
                assert task is not None
                answer = worker.receive()
                if isinstance(answer, Broken):
                    raise GradingError(answer.why)
                if isinstance(answer, Lost):
                    worker.see_its_end(0.0)
                    if not worker.process.came():
                        self._give_up(worker.process.template)
                        waiting.appendleft(task)  # it was not tried
                    self._workers[self._workers.index(worker)] = new = self._start()
                    if not worker.process.came():
                        continue
                    worker = new
                if waiting:  # before the answer is used, which takes a while
                    worker.give(waiting.popleft())
                yield task, answer

    def _start(self) -> _Worker[Task]:
        surroundings = Surroundings.of_this_process(self._environment)
        ours, theirs = Pipe()
        with theirs:
            try:
                process = self._forked(theirs)
            except OSError:  # the template was killed
                self._give_up(self._template)
                process = self._forked(theirs)
        with contextlib.suppress(OSError):  # it has ended already
            ours.send(surroundings)
            ours.send((self._serve, self._plan))
        return _Worker(process, ours)

    def _forked(self, pipe: Connection) -> Forked:
        """Raises `OSError` when there is a template no more, and `GradingError` when there can't be one."""
        if self._template is None:
            self._template = _early.pop() if _early else StartedTemplate()
        return self._template.fork({"fork": "task"}, [pipe.fileno()])

    def _give_up(self, template: Template | None) -> None:
        """Start with another one, unless that was done meanwhile."""
        if self._template is None or template is not self._template:
            return
        self._template.end()
        self._useless = 0 if self._template.was_of_use else self._useless + 1
        self._template = None
        if self._useless >= _MOST_TEMPLATES:
            raise GradingError(_NO_TEMPLATE)


def end_with_parent() -> None:
    """From now on SIGTERM, or the end of the parent process, raises `KeyboardInterrupt` here, which hidden checks and
    pytest let through, so that all is put away on the way out.

    Ctrl-C, Ctrl-Z and a closed terminal don't reach this process any more: it has a session of its own.
    """
    os.setsid()
    for each in _OF_THE_TERMINAL:
        signal.signal(each, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _OF_THE_TERMINAL)
    signal.signal(signal.SIGTERM, _leave)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if is_alone():  # it ended before the request was made
        raise KeyboardInterrupt


def ignore_sigterm() -> None:
    """It is ending already: nothing may cut short how it puts things away."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _leave(_number: int, _frame: FrameType | None) -> None:
    ignore_sigterm()
    raise KeyboardInterrupt
