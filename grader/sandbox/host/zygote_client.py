"""The zygote, seen from the grader: ask it for children, have them reaped, have libraries loaded before it forks.

A child's scratch space is looked at from outside while the child is waited for, and at each answer: what it writes
between two looks is over the limit by as much, and earns nothing.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from grader.core.assignment import Limits
from grader.core.errors import GradingError
from grader.sandbox.host.child import Child, Exit, WorkerFault
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.users import Users
from grader.sandbox.host.zygote_process import ZygoteProcess, ZygoteSettings
from grader.sandbox.inside import libraries
from grader.sandbox.inside.home import Beside

REPLY_SECONDS = 120.0
_MOST_LIBRARIES = 100  # modules of them
_MOST_FILES = 10_000  # in a scratch space
LACKING = {
    libraries.SLOW: "takes too long to import",
    libraries.ENDS: "ends the program when it is imported",
}


@dataclass(frozen=True)
class _Wanted:
    """What a child may use."""

    cpu_seconds: int
    memory_mb: int
    file_bytes: int
    output_bytes: int
    reads: bool = False

    @classmethod
    def of(cls, limits: Limits, device: str) -> _Wanted:
        memory = limits.memory_mb if device == "cpu" else 0
        return cls(limits.process_cpu_seconds, memory, limits.scratch_bytes, limits.output_bytes)

    @classmethod
    def reader(cls, limits: Limits) -> _Wanted:
        return replace(cls.of(limits, "cpu"), reads=True)


@dataclass(eq=False)
class _Ordered:
    """A child that was asked for, and our ends of what connects us; `pid` and `pidfd` once it is there."""

    wanted: _Wanted
    connection: socket.socket
    output: int
    pid: int = 0
    pidfd: int = -1

    def close(self) -> None:
        self.connection.close()
        os.close(self.output)
        if self.pidfd >= 0:
            os.close(self.pidfd)


def _is_librarys(name: str) -> bool:
    """Whether a module could be a library's that is worth to be loaded before forking: torch and NumPy are there."""
    return name.partition(".")[0] not in (*sys.stdlib_module_names, "torch", "numpy")


class Zygote:
    """A running zygote. Use as a context manager, or `close` it."""

    def __init__(
        self,
        isolation: Isolation,
        limits: Limits,
        *,
        cuda: bool = False,
        hide: Sequence[Path] = (),
        beside: Beside | None = None,
        only_reads: bool = False,
    ) -> None:
        """Start it, as `ZygoteSettings` says. It warms up while others work; the first child waits for it. Raises
        `GradingError`."""
        self._settings = ZygoteSettings(isolation, limits, cuda, tuple(hide), beside, only_reads)
        self._limits = limits
        self._left: dict[str, str] = {}  # of every module that was to be loaded: why it wasn't
        self._users = Users() if isolation.users else None
        self._start()

    def restart(self) -> None:
        """Put a new one in its place. Children of the old one are gone."""
        self._stop()
        self._start()

    def close(self) -> None:
        """End the zygote, and with it every child."""
        self._stop()
        if self._users:
            self._users.close()

    def _start(self) -> None:
        self._process = ZygoteProcess(self._settings)
        self._awaited: deque[_Ordered | None] = deque()  # what it will answer to, in order; None for an end
        self._last_exit = Exit(0)
        self._prepared: _Ordered | None = None

    def _stop(self) -> None:
        if self._prepared:
            self._prepared.close()
        self._process.stop()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _await_ready(self) -> None:
        if self._process.await_ready():
            for name in self._loaded():
                self._load(name)

    def load(self, names: Iterable[str]) -> None:
        """Have these modules imported once, for all children to come: those of installed libraries that can be.

        It takes no more time than a submission may; what is left by then is a child's own affair.
        """
        new = self.unloaded(names)
        if not new:
            return
        try:
            self._await_ready()
            if self._prepared:  # it wouldn't have them
                prepared, self._prepared = self._prepared, None
                self.dismiss(self._child(prepared))
            while self._awaited:
                self._take_answer()
        except WorkerFault:
            self.restart()
        end = time.monotonic() + self._limits.submission_seconds
        for name in new:
            if time.monotonic() > end or len(self._loaded()) >= _MOST_LIBRARIES:
                break
            try:
                self._await_ready()
                self._left[name] = self._load(name)
            except WorkerFault:
                self._left[name] = libraries.THREADS
                self.restart()

    def unloaded(self, names: Iterable[str]) -> list[str]:
        """Which of these modules `load` has not tried yet: a package stands before what is in it."""
        return sorted(name for name in set(names) - self._left.keys() if _is_librarys(name))

    def loaded_by_child(self, names: Iterable[str]) -> list[str]:
        """Which of these modules a child is to load by itself, before anything of the learner's is run."""
        return [name for name in names if self._left.get(name) == libraries.THREADS]

    def lacking(self, names: Iterable[str]) -> dict[str, str]:
        """Which of these modules' libraries can't be had in a child, and why: the words for it."""
        return {
            name.partition(".")[0]: LACKING[left] for name in names if (left := self._left.get(name, "")) in LACKING
        }

    def _load(self, name: str) -> str:
        """Why a module was not imported; empty when it was. Raises `WorkerFault`."""
        try:
            within = self._allowance(_Wanted.of(self._limits, "cpu"))
            self._process.ask({"load": name, "within": within})
        except (OSError, GradingError) as error:
            raise WorkerFault(f"no library could be loaded: {error}") from None
        answer, _ = self._process.answer(2 * libraries.SECONDS)
        if "error" in answer:
            raise WorkerFault(answer["error"])
        left: str = answer["left"]
        self._process.limit_group()
        return left

    def _loaded(self) -> list[str]:
        return [name for name, left in self._left.items() if not left]

    def _allowance(self, wanted: _Wanted) -> dict[str, int]:
        """As the zygote is told it. Raises `GradingError`."""
        user = self._users.next() if self._users else 0
        allowance = {"user": user, **asdict(wanted)}
        del allowance["output_bytes"], allowance["reads"]  # not the kernel's affair
        return allowance

    def spawn(self, limits: Limits, device: str) -> Child:
        """A fresh child that runs learners' code, shut in, with a scratch folder of its own. Raises `WorkerFault`."""
        return self._child(self._ordered(_Wanted.of(limits, device)))

    def spawn_reader(self, limits: Limits) -> Child:
        """A fresh child that reads what was handed in before it runs any of it: the one that was prepared, if it has
        these limits. Raises `WorkerFault`."""
        prepared, self._prepared = self._prepared, None
        wanted = _Wanted.reader(limits)
        if prepared and prepared.wanted != wanted:
            self.dismiss(self._child(prepared))
            prepared = None
        return self._child(prepared or self._ordered(wanted))

    def prepare_reader(self, limits: Limits) -> None:
        """Have a child forked that the next `spawn_reader` will ask for, while others work. Raises `WorkerFault`."""
        self._prepared = self._prepared or self._ordered(_Wanted.reader(limits))

    def end(self, child: Child) -> Exit:
        """Kill a child, wait for its end, and clear its scratch folder away. Raises `WorkerFault`."""
        self.dismiss(child)
        while self._awaited:
            self._take_answer()
        return self._last_exit

    def dismiss(self, child: Child) -> None:
        """Kill a child, and clear it away when there is time. Raises `WorkerFault`."""
        child.kill()
        try:
            self._process.ask({"reap": child.pid})
        except OSError as error:
            raise WorkerFault(f"the zygote is gone: {error}") from None
        self._awaited.append(None)

    def _ordered(self, wanted: _Wanted) -> _Ordered:
        self._await_ready()
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        ordered = _Ordered(wanted, ours, output)
        try:
            request = {"spawn": self._allowance(wanted), "reads": wanted.reads}
            self._process.ask(request, [theirs.fileno(), their_output])
        except (OSError, GradingError) as error:
            ordered.close()
            raise WorkerFault(f"no child could be started: {error}") from None
        finally:
            theirs.close()
            os.close(their_output)
        self._awaited.append(ordered)
        return ordered

    def _child(self, ordered: _Ordered) -> Child:
        """The child that was asked for, once it is there."""
        try:
            while not ordered.pid:
                self._take_answer()
        except WorkerFault as error:
            ordered.close()
            raise WorkerFault(f"no child could be started: {error}") from None
        # Within bubblewrap the scratch space is a file system of its own, with a size.
        inside = self._settings.isolation.bubblewrap
        watch = None if inside else partial(_is_over, self._process.folder, self._limits.scratch_bytes)
        output_bytes = ordered.wanted.output_bytes
        return Child(ordered.pid, ordered.pidfd, ordered.connection, ordered.output, output_bytes, watch)

    def _take_answer(self) -> None:
        """Wait for the next answer: a child that was asked for, or the end of one that was dismissed."""
        answer, descriptors = self._process.answer(REPLY_SECONDS)
        ordered = self._awaited.popleft()
        if "error" in answer:
            raise WorkerFault(answer["error"])
        if ordered is None:
            self._last_exit = Exit(answer["exit"])
        else:
            ordered.pid, ordered.pidfd = answer["pid"], descriptors[0]


def _is_over(space: Path, limit: int) -> bool:
    """Whether the files below hold more than `limit` bytes, or there are too many, or they can't be counted."""
    waiting, files, size = [str(space)], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_size
                    if files > _MOST_FILES or size > limit:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # removed meanwhile
            continue
        except OSError:  # closed to us, or deeper than a path can be
            return True
    return False
