"""The template, seen from those who have processes forked from it: the main process, and grading processes."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grader
from grader.core.errors import GradingError

START_SECONDS = 600.0
KIT = Path(grader.__file__).resolve().parent.parent
# One thread each, set before torch is imported: a zygote that ran an operation on two makes its children hang.
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
# Each thread would reserve 64 MB of address space for a heap of its own, or not: as luck would have it.
_HEAPS = {"MALLOC_ARENA_MAX": "1"}
_CUDA = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "LD_LIBRARY_PATH")
# Which instructions of the processor are used: a reference and what it is compared with must round alike.
_INSTRUCTIONS = ("ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")
START = """\
import gc, sys
gc.disable()  # nearly all that is made here stays, and is frozen
sys.path.insert(0, sys.argv[1])
try:
    from grader.sandbox.host.template import main
except (ImportError, OSError):
    sys.exit(1)
main(int(sys.argv[2]), sys.argv[1])
"""


def clean_environment() -> dict[str, str]:
    """The variables with which torch is loaded for learners' processes, and no others."""
    passed_on = {name: os.environ[name] for name in (*_CUDA, *_INSTRUCTIONS) if name in os.environ}
    return {**_THREADS, **_HEAPS, **passed_on}


@dataclass(frozen=True)
class Surroundings:
    """What a process that was forked for a task takes over from the one that wanted it."""

    environment: dict[str, str]
    folder: str
    path: list[str]
    arguments: list[str]
    no_bytecode: bool
    owner: int

    @classmethod
    def of_this_process(cls, environment: Mapping[str, str]) -> Surroundings:
        """Those of this process, with these variables besides."""
        variables = {**os.environ, **environment}
        return cls(variables, str(Path.cwd()), list(sys.path), list(sys.argv), sys.dont_write_bytecode, os.getpid())


class Forked:
    """A process that a `template` was asked for. It may not be there yet."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.pid = 0  # 0 until the template has answered
        self.pidfd = -1

    def came(self) -> bool:
        """Whether it was there, once that is known."""
        self.template.await_answer(self)
        return self.pid > 0

    def send_signal(self, number: int) -> None:
        """Once it is there; nothing, if it has ended or never came."""
        self.template.await_answer(self)
        if self.pidfd >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, number)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for its end. Whether it has ended, or never came."""
        self.template.await_answer(self)
        if self.pidfd < 0:
            return True
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))

    def exit_code(self) -> int | None:
        """Of a task that has ended, and below 0 the signal that ended it; None where that isn't known any more."""
        return self.template.exit_code(self.pid) if self.pidfd >= 0 and self.wait(0) else None

    def close(self) -> None:
        """Let go of it."""
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


class Template:
    """A connection to a template. May be used by several threads."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._awaited: deque[Forked] = deque()
        self.was_of_use = False  # whether anything was forked
        connection.settimeout(START_SECONDS)

    def fork(self, request: dict[str, Any], descriptors: Sequence[int]) -> Forked:
        """Have a process forked, without waiting for it. Raises `OSError` when the template is gone."""
        with self._lock:
            socket.send_fds(self._connection, [json.dumps(request).encode()], descriptors)
            forked = Forked(self)
            self._awaited.append(forked)
            return forked

    def await_answer(self, forked: Forked) -> None:
        """Wait until it is there, or it is known that it never will be."""
        with self._lock:
            while forked in self._awaited:
                self._take_answer()

    def exit_code(self, pid: int) -> int | None:
        """Of a process that was forked for a task and has ended; None when the template is gone."""
        with self._lock:
            while self._awaited:
                self._take_answer()
            try:
                self._connection.send(json.dumps({"reap": pid}).encode())
                answer = json.loads(self._connection.recv(1 << 16) or b"{}")
            except OSError:
                return None
            return os.waitstatus_to_exitcode(answer["exit"]) if "exit" in answer else None

    def has_answered(self) -> bool:
        """Whether all that was asked for is there."""
        return not self._awaited or bool(select.select([self._connection], [], [], 0)[0])

    def _take_answer(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._connection, 1 << 16, 1)
        except OSError:
            data, descriptors = b"", []
        forked = self._awaited.popleft()  # not sooner: Ctrl-C may come while it is waited for
        answer = json.loads(data or b"{}")
        if "pid" in answer:
            forked.pid, forked.pidfd = answer["pid"], descriptors[0]
            self.was_of_use = True

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


class StartedTemplate(Template):
    """A template that this process has started, and must `end`. It is warm later; whoever needs it waits."""

    def __init__(self) -> None:
        """Raises `GradingError`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", "-c", START, str(KIT), str(theirs.fileno())],
                env=clean_environment(),
                pass_fds=[theirs.fileno()],
                cwd="/",
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # so that nothing that a terminal sends comes to it
            )
        except OSError as error:
            self.close()
            raise GradingError(f"No process could be started to grade in: {error}.") from None
        finally:
            theirs.close()

    def end(self) -> None:
        """End it. What was forked for a task is told to end, too."""
        self._process.kill()
        self._process.wait()
        self.close()


# In a process that was forked for a task: the template that it came from.
of_this_process: Template | None = None
_owner: int | None = None  # a pidfd


def set_owner(pid: int) -> None:
    """Whom this process works for."""
    global _owner
    with suppress(OSError):  # it has ended already
        _owner = os.pidfd_open(pid)


def is_alone() -> bool:
    """Whether the process that this one works for has ended."""
    if of_this_process is None:
        return False
    return _owner is None or bool(select.select([_owner], [], [], 0)[0])
