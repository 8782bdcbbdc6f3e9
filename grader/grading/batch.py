"""A batch: entries given out to grading processes, results gathered as they come, nothing lost when one dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Protocol

from grader.core.labels import joined
from grader.grading.pool import Lost, Pool
from grader.grading.process import Graded, GradingPlan, lost_result, serve, unread_result
from grader.grading.submission import Entry, Unread

TRIES = 2
# A process collects the hidden checks before its first submission: for fewer submissions than this it doesn't pay. Of
# four with mistakes two processes take a second less than one, of four right ones half a second more.
WORTH_A_PROCESS = 3


class Workers(Protocol):
    """What grades entries: processes of this machine, or a cluster."""

    def results(self, waiting: deque[Entry], *, at_once: int) -> Iterator[tuple[Entry, Any]]:
        """Each entry with its `Graded`, or with `Lost`, as they are ready. Entries may be added meanwhile."""


# Starts as many as there are to be, for a plan.
Start = Callable[[GradingPlan, int], AbstractContextManager[Workers]]


def processes_here(plan: GradingPlan, count: int) -> AbstractContextManager[Workers]:
    """`count` grading processes of this machine."""
    return Pool[Entry](serve, plan, count)


@dataclass
class Batch:
    """Grades entries, `jobs` at a time, with what `start` starts for that. `faults` gathers what failed on our side;
    `notices` what a person has to look at."""

    plan: GradingPlan
    jobs: int
    start: Start = processes_here
    faults: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    _open: dict[str, None] = field(default_factory=dict)
    _waiting: deque[Entry] = field(default_factory=deque)

    def under_way(self) -> list[str]:
        """Whose submissions are being graded: they were given out in order, and have no result."""
        return list(islice(self._open, max(0, len(self._open) - len(self._waiting))))

    def run(self, entries: Iterable[Entry | Unread]) -> Generator[Graded, None, None]:
        """Results in the order in which they are ready. Raises `GradingError` when grading can't even begin.

        An entry whose process dies is tried once more in a fresh one. One that only the wall clock stopped is graded
        again at the end, when nothing else runs. Closing the iterator ends all processes.
        """
        waiting: deque[Entry] = deque()
        for entry in entries:
            if isinstance(entry, Unread):
                yield self._marked(Graded(unread_result(entry, self.plan.assignment), entry.digest, 0.0))
            else:
                waiting.append(entry)
        again: deque[Entry] = deque()
        with self.start(self.plan, min(self.jobs, -(-len(waiting) // WORTH_A_PROCESS))) as pool:
            for entry, graded in self._graded(pool, waiting, at_once=self.jobs):
                if graded.doubtful:
                    again.append(entry)
                else:
                    yield graded
            for _, graded in self._graded(pool, again, at_once=1):
                if graded.doubtful:
                    self.notices.append(_doubt(graded))
                yield graded

    def _graded(self, pool: Workers, waiting: deque[Entry], *, at_once: int) -> Iterator[tuple[Entry, Graded]]:
        """What came of each entry. One whose process died is tried once more."""
        self._open, self._waiting = dict.fromkeys(entry.student for entry in waiting), waiting
        lost: dict[str, int] = {}
        for entry, answer in pool.results(waiting, at_once=at_once):
            graded = answer
            if isinstance(answer, Lost):
                self.faults.append(f"{entry.student}: {answer}")
                lost[entry.student] = lost.get(entry.student, 0) + 1
                if lost[entry.student] < TRIES:
                    waiting.appendleft(entry)
                    continue
                graded = Graded(lost_result(entry.student, self.plan.assignment), "", 0.0)
            if graded.fault:
                self.faults.append(graded.fault)
            self._open.pop(entry.student, None)
            yield entry, self._marked(graded)

    def _marked(self, graded: Graded) -> Graded:
        """The result says when learners' code was not shut in."""
        if self.plan.isolation.level != "none":
            return graded
        return replace(graded, result=replace(graded.result, trusted=True))


def _doubt(graded: Graded) -> str:
    """What is said of a submission that only the wall clock stopped, twice."""
    name = graded.result.student
    return (
        f"{name}: {joined(graded.doubtful)} had to be stopped, and may have waited for the machine rather than run; so "
        f"it was graded again, alone, and had to be stopped again. Once nothing else runs here: --resume --only {name}"
    )
