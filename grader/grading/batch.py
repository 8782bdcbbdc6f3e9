"""A batch: entries given out to grading processes, results gathered as they come, nothing lost when one dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from grader.collect import Entry, Unread
from grader.errors import GradingError
from grader.grading.lifetime import deaf_to_the_terminal
from grader.grading.process import Broken, Graded, Plan, lost_result, serve, unread_result

_SPAWN = multiprocessing.get_context("spawn")
TRIES = 2
# A process imports torch twice before its first submission: for fewer submissions than this it doesn't pay.
WORTH_A_PROCESS = 4
_SECONDS_TO_END = 5.0


@dataclass
class _Worker:
    """One grading process, and the entry that it is at."""

    process: BaseProcess
    pipe: Connection
    entry: Entry | None = None

    def give(self, entry: Entry) -> None:
        self.entry = entry
        with contextlib.suppress(OSError):  # it has died: that is noticed when its answer is waited for
            self.pipe.send(entry)

    def end(self) -> None:
        self.tell_to_end()
        self.see_its_end(time.monotonic() + _SECONDS_TO_END)

    def tell_to_end(self) -> None:
        if self.entry:
            self.process.terminate()
        else:
            self.pipe.close()  # then it ends by itself

    def see_its_end(self, deadline: float) -> None:
        self.process.join(max(0.0, deadline - time.monotonic()))
        self.process.kill()  # one that hangs
        self.process.join()
        self.pipe.close()


@dataclass
class Batch:
    """Grades entries with `jobs` processes. `faults` gathers what failed on our side."""

    plan: Plan
    jobs: int
    faults: list[str] = field(default_factory=list)

    def run(self, entries: Iterable[Entry | Unread]) -> Generator[Graded, None, None]:
        """Results in the order in which they are ready. Raises `GradingError` when grading can't even begin.

        An entry whose process dies is tried once more in a fresh one. Closing the iterator ends all processes.
        """
        waiting: deque[Entry] = deque()
        for entry in entries:
            if isinstance(entry, Unread):
                yield self._marked(Graded(unread_result(entry, self.plan.assignment), entry.digest, 0.0))
            else:
                waiting.append(entry)
        lost: dict[str, int] = {}
        workers: list[_Worker] = []
        try:
            for _ in range(min(self.jobs, -(-len(waiting) // WORTH_A_PROCESS))):
                workers.append(self._start())
                workers[-1].give(waiting.popleft())
            while busy := [worker for worker in workers if worker.entry]:
                for pipe in wait([worker.pipe for worker in busy]):
                    worker = next(worker for worker in busy if worker.pipe is pipe)
                    given, worker.entry = worker.entry, None
                    assert given is not None
                    graded = self._received(worker, given)
                    if graded is None:
                        lost[given.student] = lost.get(given.student, 0) + 1
                        worker.end()
                        workers[workers.index(worker)] = worker = self._start()
                        if lost[given.student] < TRIES:
                            waiting.appendleft(given)
                        else:
                            graded = Graded(lost_result(given.student, self.plan.assignment), "", 0.0)
                    if waiting:  # before the result is stored, which takes a while
                        worker.give(waiting.popleft())
                    if graded:
                        if graded.fault:
                            self.faults.append(graded.fault)
                        yield self._marked(graded)
        finally:
            for worker in workers:
                worker.tell_to_end()
            deadline = time.monotonic() + _SECONDS_TO_END
            for worker in workers:
                worker.see_its_end(deadline)

    def _marked(self, graded: Graded) -> Graded:
        """The result says when learners' code was not shut in."""
        if self.plan.isolation.level != "trusted":
            return graded
        return replace(graded, result=replace(graded.result, trusted=True))

    def _start(self) -> _Worker:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(theirs, self.plan), daemon=False)
        with deaf_to_the_terminal():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _received(self, worker: _Worker, entry: Entry) -> Graded | None:
        """A result; None when the process has died."""
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            self.faults.append(f"{entry.student}: a grading process ended (exit code {worker.process.exitcode})")
            return None
        if isinstance(message, Broken):
            raise GradingError(message.why)
        assert isinstance(message, Graded)
        return message
