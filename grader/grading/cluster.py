"""A batch graded by a Dask cluster: entries go out as bytes, records come back, and this process alone stores them.

Dask gives entries out, moves them from busy workers to idle ones, and runs again what a lost worker was at. Here is who
may grade: each worker is asked for its versions and its sandbox, gets the course once, and is told when it is over.
"""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any, Literal

from distributed import Client, Future, KilledWorker
from distributed.client import ClosedClientError

from grader.core.errors import GradingError
from grader.core.sanitize import sanitized
from grader.grading.batch import Workers, processes_here
from grader.grading.cluster_connection import (
    ANSWER,
    ASKED,
    CONNECT_SECONDS,
    PLAN,
    PREVIOUS,
    READY,
    SentPlan,
    Versions,
    connect,
    digest_of,
    in_the_clear,
    pack_course,
    pack_entry,
)
from grader.grading.cluster_worker import LONGEST_SECONDS, forget, get_ready, grade
from grader.grading.collect import gather
from grader.grading.pool import Lost
from grader.grading.process import Graded, GradingPlan, unread_result
from grader.grading.submission import Entry, Unread
from grader.sandbox.host.machine import Level
from grader.sandbox.protocol.frames import MalformedFrame

# How long a batch waits while no worker of the cluster can grade, or its scheduler can't be reached.
WAIT_SECONDS = 600.0
# How long it waits for others where all that have joined are refused.
OTHERS_SECONDS = 10.0
# An entry without an answer is given up: its worker ends it and the one before it long before that.
OVERDUE_SECONDS = 3 * LONGEST_SECONDS
_LOOK_SECONDS = 1.0
_AHEAD = 2  # entries for each thread of the cluster: the one that is graded, and the next
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class ClusterSettings:
    """Which cluster: `local`, or the address of a scheduler. `level` is what is asked of each worker's sandbox; with
    `unencrypted`, machines beyond this one need no TLS. `say` shows a line to the instructor."""

    address: str
    level: Level | None
    unencrypted: bool
    say: Callable[[str], None]


@contextlib.contextmanager
def workers_of_cluster(settings: ClusterSettings, plan: GradingPlan, count: int) -> Iterator[Workers]:
    """The workers of a cluster; `local` starts `count`. Raises `GradingError` when the cluster can't be reached."""
    if count == 0:
        with processes_here(plan, 0) as nobody:
            yield nobody
        return
    with contextlib.ExitStack() as opened:
        resource_tracker.ensure_running()  # Dask needs it; one of these threads would let signals through
        # Threads are made here. None of them may be the one that a signal comes to: it is for the main thread, which
        # at times lets it wait.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            client = opened.enter_context(connect(settings.address, opened, count))
            workers = _ClusterWorkers(client, settings, plan)
            opened.callback(workers.dismiss)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        yield workers


@dataclass
class _Worker:
    """A worker of the cluster, by what is known of it, and the question that it has not answered yet."""

    address: str
    name: str
    threads: int
    state: Literal["asked", "getting ready", "ready", "refused"]
    question: Future[bytes] | None = None
    why: str = ""

    @property
    def shown(self) -> str:
        named = self.name and self.name != self.address
        return sanitized(f"{self.name} ({self.address})" if named else self.address, 200)


@dataclass(frozen=True)
class _Job:
    """An entry that was sent, and the workers that may take it."""

    entry: Entry
    future: Future[bytes]
    workers: frozenset[str]
    since: float


class _ClusterWorkers:
    def __init__(self, client: Client, settings: ClusterSettings, plan: GradingPlan) -> None:
        assignment = plan.assignment
        self._client, self._settings, self._assignment = client, settings, assignment
        self._plan = PLAN.write(SentPlan(assignment, plan.seed, plan.device, settings.level))
        self._course = pack_course(plan.root, assignment)
        self._digest = digest_of(self._plan, self._course)
        self._ours = Versions.read(json.dumps([ask(about) for ask, about in ASKED]).encode())
        self._came: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        # Each waits for one result: one that can't be fetched just now holds up no other.
        self._fetching = ThreadPoolExecutor(16, thread_name_prefix="fetch")
        self._workers: dict[str, _Worker] = {}
        self._jobs: dict[str, _Job] = {}
        self._next_look = 0.0
        self._nobody_since: float | None = None
        self._out_of_reach_since: float | None = None
        self._was_ready = False

    def results(self, waiting: deque[Entry], *, at_once: int) -> Iterator[tuple[Entry, Any]]:
        """As of `Pool`."""
        while True:
            if time.monotonic() >= self._next_look:
                self._look_around(waiting)
                self._next_look = time.monotonic() + _LOOK_SECONDS
            ready = self._ready()
            while waiting and len(self._jobs) < min(at_once, _AHEAD * sum(worker.threads for worker in ready)):
                entry = waiting.popleft()
                unread = self._send(entry, ready)
                if unread:
                    yield entry, Graded(unread_result(unread, self._assignment), unread.digest, 0.0)
            if not waiting and not self._jobs:
                return
            try:
                key, came = self._came.get(timeout=_LOOK_SECONDS / 2)
            except queue.Empty:
                continue
            job = self._jobs.pop(key, None)
            if job is None:
                self._hear(key, came)
                continue
            result = self._result(job, came)
            if result is None:
                waiting.appendleft(job.entry)
            else:
                yield job.entry, result

    def dismiss(self) -> None:
        """Have all workers forget the course. Those that don't hear it forget it by themselves, later."""
        for job in self._jobs.values():
            job.future.release()
        known = [worker.address for worker in self._workers.values() if worker.state in ("getting ready", "ready")]

        def tell() -> None:
            with contextlib.suppress(Exception):
                self._client.run(forget, self._digest, workers=known, on_error="ignore")

        telling = threading.Thread(target=tell, daemon=True)
        telling.start()
        telling.join(CONNECT_SECONDS)
        self._fetching.shutdown(wait=False, cancel_futures=True)

    def _ready(self) -> list[_Worker]:
        return [worker for worker in self._workers.values() if worker.state == "ready"]

    def _look_around(self, waiting: deque[Entry]) -> None:
        """Who has come, and who is gone. What was sent to nobody but those who are gone, is sent again."""
        found = self._found()
        if found is None:
            return
        for address in self._workers.keys() - found.keys():
            del self._workers[address]
        for address in found.keys() - self._workers.keys():
            self._greet(address, found[address])
        there = {worker.address for worker in self._workers.values() if worker.state != "refused"}
        for key, job in list(self._jobs.items()):
            if time.monotonic() - job.since > OVERDUE_SECONDS:
                self._came.put((key, TimeoutError(f"no answer came within {OVERDUE_SECONDS / 60:.0f} minutes")))
            elif there.isdisjoint(job.workers):
                del self._jobs[key]
                waiting.appendleft(job.entry)
                job.future.release()
        self._expect_somebody()

    def _found(self) -> dict[str, Any] | None:
        """What the scheduler knows of its workers; None when it can't be reached just now."""
        now = time.monotonic()
        try:
            scheduler = self._client.scheduler
            if self._client.status == "running" and scheduler is not None:
                found = self._client.sync(scheduler.identity, n_workers=-1, callback_timeout=CONNECT_SECONDS)
                self._out_of_reach_since = None
                return dict(found["workers"])
        except (OSError, TimeoutError, ClosedClientError):
            pass
        self._out_of_reach_since = self._out_of_reach_since or now
        if self._client.status == "closed" or now - self._out_of_reach_since > WAIT_SECONDS:
            raise self._connection_lost()
        return None

    def _connection_lost(self) -> GradingError:
        return GradingError(
            f"The connection to the scheduler of --cluster {self._settings.address} was lost. What is graded is kept. "
            "Once it runs again, go on with --resume."
        )

    def _expect_somebody(self) -> None:
        if any(worker.state != "refused" for worker in self._workers.values()):
            self._nobody_since = None
            return
        now = time.monotonic()
        if self._nobody_since is None:
            self._nobody_since = now
            self._settings.say(f"No worker of --cluster {self._settings.address} can grade yet. Waiting for one.")
        refused = [f"{worker.shown}: {worker.why}" for worker in self._workers.values()]
        if refused and not self._was_ready and now - self._nobody_since > OTHERS_SECONDS:
            raise GradingError("\n".join(["No worker of the cluster can grade.", *refused]))
        if now - self._nobody_since > WAIT_SECONDS:
            raise GradingError(
                f"For {WAIT_SECONDS / 60:.0f} minutes, --cluster {self._settings.address} had no worker that can "
                "grade. What is graded is kept. Start workers, then go on with --resume."
            )

    def _greet(self, address: str, info: Any) -> None:
        worker = _Worker(address, str(info.get("name", "")), int(info.get("nthreads", 1)), "asked")
        self._workers[address] = worker
        if in_the_clear(address) and not self._settings.unencrypted:
            self._refuse(worker, "it is on another machine, and the connection to it is not encrypted (see --no-tls)")
            return
        # Nothing of ours is in this question: a worker without the kit would break on it.
        found = [self._client.submit(*each, workers=[address], pure=False) for each in ASKED]
        text = self._client.submit(json.dumps, found, workers=[address], pure=False)
        worker.question = self._submit("versions", str.encode, text, workers=[address])

    def _hear(self, key: str, came: Any) -> None:
        """What a worker answers that was asked. Of one that is gone, nothing is to be heard any more."""
        worker = next((each for each in self._workers.values() if each.question and each.question.key == key), None)
        if worker is None:
            return
        worker.question = None
        if isinstance(came, CancelledError):
            del self._workers[worker.address]  # it is asked again if it is still there
            return
        if isinstance(came, BaseException):
            says = f"{type(came).__name__}: {came}"
            self._refuse(worker, f"the kit can't be used there ({says}); install {self._ours.kit} of it")
            return
        try:
            if worker.state == "asked":
                differing = Versions.read(came).differing(self._ours)
                if differing:
                    self._refuse(worker, differing)
                    return
                worker.state = "getting ready"
                course = (self._digest, self._plan, self._course)
                worker.question = self._submit("get_ready", get_ready, *course, workers=[worker.address])
                return
            answer = READY.read(came)
        except MalformedFrame as error:
            self._refuse(worker, f"its answer can't be read: {error}")
            return
        if answer.refused:
            self._refuse(worker, answer.refused)
            return
        worker.state, self._was_ready = "ready", True
        if answer.note:
            self._settings.say(f"Worker {worker.shown}: {answer.note}")

    def _refuse(self, worker: _Worker, why: str) -> None:
        worker.state, worker.why = "refused", sanitized(why, 2000, lines=True)
        self._settings.say(f"Worker {worker.shown} grades nothing: {worker.why}")

    def _send(self, entry: Entry, ready: list[_Worker]) -> Unread | None:
        """Send an entry. Gives it back when it can't be read."""
        gathered = gather(entry, self._assignment.limits)
        if isinstance(gathered, Unread):
            return gathered
        addresses = [worker.address for worker in ready]
        message = (self._digest, pack_entry(gathered), PREVIOUS.write(entry.previous))
        future = self._submit("grade", grade, *message, workers=addresses)
        self._jobs[str(future.key)] = _Job(entry, future, frozenset(addresses), time.monotonic())
        return None

    def _submit(
        self, prefix: str, function: Callable[..., bytes], *arguments: object, workers: list[str]
    ) -> Future[bytes]:
        key = f"{prefix}-{uuid.uuid4().hex}"
        try:
            future = self._client.submit(function, *arguments, key=key, workers=workers, pure=False)
        except ClosedClientError:
            raise self._connection_lost() from None
        future.add_done_callback(lambda done: self._fetching.submit(self._fetch, done))
        return future

    def _fetch(self, future: Future[bytes]) -> None:
        came: object
        try:
            came = future.result()
        except Exception as error:
            came = error
        self._came.put((str(future.key), came))

    def _result(self, job: _Job, came: Any) -> Graded | Lost | None:
        """What came of an entry; None when it is to be sent again."""
        if isinstance(came, CancelledError):
            return None
        if isinstance(came, KilledWorker):
            return Lost(None, f"several workers were lost one after the other, while it was with them ({came})")
        if isinstance(came, BaseException):
            return Lost(None, f"a worker failed ({type(came).__name__}: {came})")
        try:
            answer = ANSWER.read(came)
        except MalformedFrame as error:
            return Lost(None, f"what a worker answered can't be read: {error}")
        if answer.broken:
            raise GradingError(answer.broken)
        if not answer.is_ready:  # one of them was started again, or has forgotten the course: all are asked once more
            for address in job.workers:
                self._workers.pop(address, None)
            self._next_look = 0.0
            return None
        if answer.graded is None:
            return Lost(None, answer.lost)
        if answer.graded.result.student != job.entry.student:
            return Lost(None, f"a worker answered for {answer.graded.result.student}")
        return answer.graded
