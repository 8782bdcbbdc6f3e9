"""A Dask cluster of real processes that talk over real TCP, and things that happen to them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from tests.faults.processes import eventually


class Machine:
    """A worker of the cluster: a process, with the grading processes that it starts."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], temporary: Path) -> None:
        self.name, self.process, self.temporary = name, process, temporary
        self.is_frozen = False

    @property
    def lives(self) -> bool:
        return self.process.poll() is None and not self.is_frozen

    def batches(self) -> list[Path]:
        """The folders of gradings that it is ready for: courses lie in them."""
        return list(self.temporary.glob("grader-run-*"))

    def send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.process.wait()


class Cluster:
    """A scheduler, and workers that come and go. What they print goes to `log`."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, protocol: str = "tcp") -> None:
        self.folder, self.machines, self.log = folder, [], folder / "log"
        # A worker that doesn't answer for so long is taken for lost; Dask's own default is five minutes.
        self._settings = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "6s", **(settings or {})}
        command = ["dask_scheduler", "--host", f"{protocol}://127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = self._start(command, folder / "scheduler")
        found = eventually(lambda: re.search(rf"Scheduler at: +({protocol}://\S+)", self.log.read_text()))
        self.address = str(found[1])

    machines: list[Machine]

    def add(
        self,
        name: str = "",
        *more: str,
        environment: Mapping[str, str] | None = None,
        to: str = "",
        threads: int = 1,
    ) -> Machine:
        """Start a worker, which joins when it is ready."""
        name = name or f"worker-{len(self.machines)}"
        options = ["--name", name, "--nthreads", str(threads), "--no-nanny", "--no-dashboard", *more]
        process = self._start(["dask_worker", to or self.address, *options], self.folder / name, environment)
        machine = Machine(name, process, self.folder / name)
        self.machines.append(machine)
        return machine

    def wait_until_joined(self, count: int) -> None:
        """Until so many workers have joined in all."""
        eventually(lambda: self.log.read_text().count("Register worker addr") >= count)

    def close(self) -> None:
        for each in [*(machine.process for machine in self.machines), self.scheduler]:
            with contextlib.suppress(ProcessLookupError):
                each.send_signal(signal.SIGCONT)
                each.kill()
            each.wait()

    def _start(
        self, words: list[str], temporary: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        temporary.mkdir()
        settings = {**os.environ, **self._settings, "TMPDIR": str(temporary), **(environment or {})}
        module, *options = words
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *options],
                env=settings,
                cwd=temporary,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


class Cable:
    """What a worker reaches its scheduler through, until it is cut. For `with`."""

    def __init__(self, scheduler: str) -> None:
        host, _, port = scheduler.removeprefix("tcp://").rpartition(":")
        self._far = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.address = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        self._run(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *self._ends):
            each.close()

    def cut(self) -> None:
        for each in (self._listening, *self._ends):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _run(self, does: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=does, args=given, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._ends.append(near)
                far = socket.create_connection(self._far)
                self._ends.append(far)
                self._run(self._carry, near, far)
                self._run(self._carry, far, near)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
