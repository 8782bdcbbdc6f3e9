"""The zygote, seen from the grader: start it, ask it for children, have them reaped."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import grader
from grader.course.model import Limits
from grader.errors import GradingError
from grader.grading.bubblewrap import wrap
from grader.grading.cgroup import Group
from grader.grading.child import Child, Exit, WorkerFault
from grader.grading.device import gpu_devices
from grader.grading.isolation import Isolation
from grader.grading.scratch_size import is_over
from grader.grading.users import Users
from grader.worker import scratch

START_SECONDS = 120.0
REPLY_SECONDS = 20.0
_PROCESSES = 256  # and threads, of bubblewrap, the zygote and its child together
_KIT = Path(grader.__file__).resolve().parent.parent
# One thread each, set before torch is imported: a zygote that ran an operation on two makes its children hang.
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
_CUDA = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "LD_LIBRARY_PATH")
# The kit's folder is on the import path only while the worker itself is imported.
_START = """\
import sys
sys.path.insert(0, sys.argv[1])
import grader.worker.zygote, grader.worker.child, grader.worker.warm
sys.path.remove(sys.argv[1])
sys.modules["grader"].__path__.clear()
grader.worker.zygote.main(int(sys.argv[2]), sys.argv[3])
"""


@dataclass(frozen=True)
class _Wanted:
    """What a child may use."""

    cpu_seconds: int
    memory_mb: int
    output_bytes: int

    @classmethod
    def of(cls, limits: Limits, device: str) -> _Wanted:
        return cls(limits.cpu_seconds, limits.memory_mb if device == "cpu" else 0, limits.output_bytes)


@dataclass(frozen=True)
class _Ordered:
    """A child that was asked for, and our ends of what connects us."""

    wanted: _Wanted
    connection: socket.socket
    output: int

    def close(self) -> None:
        self.connection.close()
        os.close(self.output)


class Zygote:
    """A running zygote. Use as a context manager, or `close` it."""

    def __init__(self, isolation: Isolation, limits: Limits, *, cuda: bool = False, hide: Sequence[Path] = ()) -> None:
        """Start it. It warms up while others work; the first `spawn` waits for it.

        `hide` are folders that must not be seen inside, wherever they lie. Raises `GradingError`.
        """
        self._isolation = isolation
        self._limits = limits
        self._cuda = cuda
        self._hide = tuple(hide)
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
        # Not around a GPU's driver, which takes as much of the machine's memory as it likes.
        self._group = Group() if self._isolation.cgroup and not self._cuda else None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = Path(tempfile.mkdtemp(prefix="grader-"))
        if self._isolation.users:
            self._folder.chmod(0o711)  # each child finds its own folder there, and nobody else's opens
        settings = {
            "landlock": self._isolation.landlock,
            "seccomp": self._isolation.seccomp,
            "devices": gpu_devices() if self._cuda else [],
        }
        command = [
            *(self._group.entrance() if self._group else []),
            *(wrap(self._limits.scratch_bytes, cuda=self._cuda, hide=self._hide) if self._isolation.bubblewrap else []),
            *(sys.executable, "-I", "-B", "-X", "utf8", "-c", _START),
            *(str(_KIT), str(theirs.fileno()), json.dumps(settings)),
        ]
        environment = {**_THREADS, **{name: os.environ[name] for name in _CUDA if name in os.environ}}
        self._process = subprocess.Popen(
            command,
            env=environment,
            pass_fds=[theirs.fileno()],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._dismissed: deque[int] = deque()
        self._prepared: _Ordered | None = None
        self._ready = False

    def _stop(self) -> None:
        if self._prepared is not None:
            self._prepared.close()
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._group:
            self._group.close()
        scratch.clear(self._folder)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _await_ready(self) -> None:
        if not self._ready:
            self._answer(START_SECONDS)
            if self._group:
                self._group.limit((self._limits.memory_mb << 20) + self._limits.scratch_bytes, _PROCESSES)
            self._ready = True

    def spawn(self, limits: Limits, device: str) -> Child:
        """A fresh child, shut in, with a scratch folder of its own: the one that was prepared, if it has these limits.
        Raises `WorkerFault`."""
        wanted = _Wanted.of(limits, device)
        prepared, self._prepared = self._prepared, None
        if prepared is not None:
            child = self._handed_over(prepared)
            if prepared.wanted == wanted:
                return child
            self.end(child)
        return self._handed_over(self._ordered(wanted))

    def prepare(self, limits: Limits, device: str) -> None:
        """Have a child forked that the next `spawn` will ask for, while others work. Raises `WorkerFault`."""
        if self._prepared is None:
            self._prepared = self._ordered(_Wanted.of(limits, device))

    def end(self, child: Child) -> Exit:
        """Kill a child, wait for its end, and clear its scratch folder away. Raises `WorkerFault`."""
        self.dismiss(child)
        return self._gone()[-1]

    def dismiss(self, child: Child) -> None:
        """Kill a child, and clear it away when there is time. Raises `WorkerFault`."""
        child.kill()
        try:
            self._control.send(json.dumps({"reap": child.pid}).encode())
        except OSError as error:
            raise WorkerFault(f"the zygote is gone: {error}") from None
        self._dismissed.append(child.pid)

    def _ordered(self, wanted: _Wanted) -> _Ordered:
        self._await_ready()
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        ordered = _Ordered(wanted, ours, output)
        try:
            user = self._users.next() if self._users else 0
            spawn = {"cpu_seconds": wanted.cpu_seconds, "memory_mb": wanted.memory_mb, "user": user}
            socket.send_fds(self._control, [json.dumps({"spawn": spawn}).encode()], [theirs.fileno(), their_output])
        except (OSError, GradingError) as error:
            ordered.close()
            raise WorkerFault(f"no child could be started: {error}") from None
        finally:
            theirs.close()
            os.close(their_output)
        return ordered

    def _handed_over(self, ordered: _Ordered) -> Child:
        try:
            self._gone()
            answer, descriptors = self._answer(REPLY_SECONDS)
        except WorkerFault as error:
            ordered.close()
            raise WorkerFault(f"no child could be started: {error}") from None
        # Within bubblewrap the scratch space is a file system of its own, with a size.
        watch = None if self._isolation.bubblewrap else partial(is_over, self._folder, self._limits.scratch_bytes)
        output_bytes = ordered.wanted.output_bytes
        return Child(answer["pid"], descriptors[0], ordered.connection, ordered.output, output_bytes, watch)

    def _gone(self) -> list[Exit]:
        """Wait for the ends of the children that were dismissed."""
        exits = []
        while self._dismissed:
            answer, _ = self._answer(REPLY_SECONDS)
            self._dismissed.popleft()
            exits.append(Exit(answer["exit"]))
        return exits

    def _answer(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        self._control.settimeout(seconds)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
        except OSError as error:
            raise WorkerFault(f"the zygote doesn't answer: {error}") from None
        if not data:
            raise WorkerFault("the zygote has ended; can `python -c 'import torch'` be run?")
        answer = json.loads(data)
        if "error" in answer:
            raise WorkerFault(answer["error"])
        return answer, list(descriptors)
