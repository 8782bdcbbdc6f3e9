"""What runs in a Dask worker: it gets ready for a batch, has entries graded, and forgets the batch.

Here are only functions that Dask calls, and threads that wait for grading processes. These are the ones of every batch:
hidden checks, torch and learners' processes are theirs, and they can be ended without the worker.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.util import Finalize
from pathlib import Path

from grader.core.errors import GradingError
from grader.grading.cluster_connection import (
    ANSWER,
    PLAN,
    READY,
    Answer,
    Ready,
    SentPlan,
    unpack_course,
    unpack_entry,
)
from grader.grading.pool import Lost, Pool
from grader.grading.process import Graded, GradingPlan, serve
from grader.grading.submission import Entry
from grader.sandbox.host.machine import choose_device, choose_isolation, require_linux
from grader.sandbox.host.run_folder import locked_run_folder
from grader.sandbox.protocol.frames import MalformedFrame

# After so many seconds without an entry a worker forgets a batch whose main process may be gone.
IDLE_SECONDS = 900.0
# A grading process that takes longer than this over one submission is ended, and the submission graded again.
LONGEST_SECONDS = 1800.0


class _Grader:
    """One grading process, and a thread that lives as long: a process ends with the thread that started it. It is told
    to with SIGTERM, which must not be blocked there."""

    def __init__(self, plan: GradingPlan, folder: str) -> None:
        self._thread = ThreadPoolExecutor(1, "grader", signal.pthread_sigmask, (signal.SIG_UNBLOCK, {signal.SIGTERM}))
        self._pool = Pool[Entry](serve, plan, 1, environment={"TMPDIR": folder}, longest=LONGEST_SECONDS)
        self._broken = ""
        self._thread.submit(self._pool.__enter__).result()

    def answer(self, entry: Entry) -> Answer:
        return self._thread.submit(self._answer, entry).result()

    def _answer(self, entry: Entry) -> Answer:
        if not self._broken:
            try:
                for _, came in self._pool.results(deque([entry]), at_once=1):
                    if isinstance(came, Lost):
                        return Answer(lost=str(came))
                    assert isinstance(came, Graded)
                    return Answer(came)
            except GradingError as error:
                self._broken = str(error)
        return Answer(broken=self._broken)

    def close(self) -> None:
        self._pool.cut_short()
        self._thread.submit(self._pool.__exit__).result()
        self._thread.shutdown()


# Waits for the end of whoever started it, and for those in the folder to follow.
_REMOVES = 'PATH=/usr/bin:/bin; read nothing; for try in $(seq 60); do sleep 1; rm -rf "$0" && exit; done'


@contextlib.contextmanager
def _removed_in_any_case(folder: Path) -> Iterator[None]:
    """A folder with solutions in it must not outlive this process, not even when that is killed."""
    command = ["/bin/sh", "-c", _REMOVES, str(folder)]
    nowhere = subprocess.DEVNULL
    remover = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, cwd="/", start_new_session=True
    )
    try:
        yield
    finally:  # it has been removed by then
        remover.kill()
        remover.communicate()


class _Batch:
    """The course on this machine's disk, and warm grading processes, as many as the worker has threads."""

    def __init__(self, plan: SentPlan, course: bytes, count: int) -> None:
        """Raises `GradingError` when this machine can't do what is asked of it."""
        require_linux()
        cuda = plan.device == "cuda"
        isolation, self.note = choose_isolation(plan.level, cuda=cuda)
        if cuda:
            choose_device(plan.device)
        self._free: queue.SimpleQueue[_Grader] = queue.SimpleQueue()
        self._count, self._used = count, time.monotonic()
        self._opened = contextlib.ExitStack()
        self._closed = threading.Event()
        with contextlib.ExitStack() as opened:
            remover = opened.enter_context(contextlib.ExitStack())
            folder = opened.enter_context(locked_run_folder())
            remover.enter_context(_removed_in_any_case(folder))
            unpack_course(course, folder / "course")
            for _ in range(count):
                grader = _Grader(plan.on(folder / "course", isolation), str(folder))
                opened.callback(grader.close)
                self._free.put(grader)
            self._opened = opened.pop_all()

    def answer(self, entry: Entry) -> Answer:
        grader = self._free.get()
        try:
            return grader.answer(entry)
        finally:
            self._used = time.monotonic()
            self._free.put(grader)

    def close(self) -> None:
        self._closed.set()
        self._opened.close()

    def close_when_idle(self, digest: str) -> None:
        """Wait until nobody has needed it for long, or until it is closed."""
        while not self._closed.wait(IDLE_SECONDS / 10):
            if self._free.qsize() == self._count and time.monotonic() - self._used > IDLE_SECONDS:
                forget(digest)


_batches: dict[str, _Batch] = {}
_lock = threading.Lock()


def get_ready(digest: str, plan: bytes, course: bytes) -> bytes:
    """Try the sandbox, put the course on the disk, and start grading processes. Answers `Ready`, whatever happens."""
    with _lock:
        try:
            if digest not in _batches:
                _may_have_children()
                sent = PLAN.read(plan)
                batch = _Batch(sent, course, _threads())
                _batches[digest] = batch
                threading.Thread(target=batch.close_when_idle, args=(digest,), daemon=True).start()
            return READY.write(Ready(note=_batches[digest].note))
        except (GradingError, MalformedFrame) as error:
            return READY.write(Ready(refused=str(error)))
        except Exception as error:
            return READY.write(Ready(refused=f"it could not get ready ({type(error).__name__}: {error})"))


def grade(digest: str, entry: bytes, kept: bytes) -> bytes:
    """Grade one entry. Answers `Answer`, whatever happens."""
    batch = _batches.get(digest)
    if batch is None:
        return ANSWER.write(Answer(is_ready=False))
    try:
        return ANSWER.write(batch.answer(unpack_entry(entry, kept)))
    except Exception as error:  # it was closed meanwhile, or what came is not as agreed
        return ANSWER.write(Answer(lost=f"a worker failed ({type(error).__name__}: {error})"))


def forget(digest: str) -> None:
    """End the grading processes of a batch, and remove the course. Returns before that is done."""
    batch = _batches.pop(digest, None)
    if batch is not None:
        threading.Thread(target=batch.close).start()


def _forget_all() -> None:
    while _batches:
        _, batch = _batches.popitem()
        batch.close()


Finalize(None, _forget_all, exitpriority=100)  # before Python waits for processes that wait for it


def _threads() -> int:
    from distributed import get_worker

    return int(get_worker().state.nthreads)


def _may_have_children() -> None:
    """Dask's nanny starts its worker as a process that may not start others, so that none is left behind: ours end with
    the process that started them."""
    multiprocessing.current_process().daemon = False
