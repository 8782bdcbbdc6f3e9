"""A batch: entries given out to grading processes, results gathered as they come, nothing lost when one dies."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from grader.collect import Entry, Unread
from grader.errors import GradingError
from grader.grading.process import Broken, Graded, Plan, lost_result, serve, unread_result

_SPAWN = multiprocessing.get_context("spawn")
TRIES = 2
# A process imports torch twice before its first submission: for fewer submissions than this it doesn't pay.
WORTH_A_PROCESS = 4


@dataclass
class _Worker:
    """One grading process, and the entry that it is at."""

    process: BaseProcess
    pipe: Connection
    entry: Entry | None = None

    def give(self, entry: Entry) -> None:
        self.entry = entry
        self.pipe.send(entry)

    def end(self) -> None:
        self.pipe.close()  # it ends by itself when its pipe is closed; kill is for one that hangs
        self.process.join(2)
        self.process.kill()
        self.process.join()


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
        workers = [self._start() for _ in range(min(self.jobs, -(-len(waiting) // WORTH_A_PROCESS)))]
        try:
            for worker in workers:
                worker.give(waiting.popleft())
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
                worker.end()

    def _marked(self, graded: Graded) -> Graded:
        """The result says when learners' code was not shut in."""
        if self.plan.isolation.level != "trusted":
            return graded
        return replace(graded, result=replace(graded.result, trusted=True))

    def _start(self) -> _Worker:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(theirs, self.plan), daemon=False)
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
