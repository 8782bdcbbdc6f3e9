"""The zygote's process: forked or started within its layers, asked over one socket, and ended with all its children."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.core.assignment import Assignment, Limits
from grader.sandbox.host import template_client
from grader.sandbox.host.bubblewrap import LESSON, SCRATCH, STAY, kept_capabilities, wrap
from grader.sandbox.host.cgroup import Group
from grader.sandbox.host.child import WorkerFault
from grader.sandbox.host.machine import Isolation, gpu_devices
from grader.sandbox.host.template_client import KIT, START_SECONDS, Forked
from grader.sandbox.inside import home
from grader.sandbox.inside.home import Beside

_PROCESSES = 256  # and threads, of bubblewrap, the zygote and its child together
# The kit's folder is on the import path only while the worker itself is imported.
START = """\
import sys
sys.path.insert(0, sys.argv[1])
import grader.sandbox.inside.zygote
if '"torch": true' in sys.argv[3]:
    import grader.sandbox.inside.worker, grader.sandbox.inside.warmup
sys.path.remove(sys.argv[1])
sys.modules["grader"].__path__.clear()
grader.sandbox.inside.zygote.main(int(sys.argv[2]), sys.argv[3])
"""


def public_files(root: Path, assignment: Assignment) -> Beside | None:
    """What of a lesson's folder lies beside a learner's modules: all but the stubs, checks, notebooks and what is
    hidden. None when there is no such folder."""
    folder = root.resolve() / "exercises" / assignment.id
    aside = {f"{module}.py" for module in assignment.modules} | {"checks", "__pycache__"}
    try:
        names = sorted(path.name for path in folder.iterdir() if path.suffix != ".ipynb")
    except OSError:
        return None
    return Beside(str(folder), tuple(name for name in names if name not in aside and not name.startswith(".")))


@dataclass(frozen=True)
class ZygoteSettings:
    """How a zygote is started. `hide` are folders that must not be seen inside, wherever they lie; `beside` is what
    lies beside a learner's modules all the same. A zygote that `only_reads` has no torch, and is there at once.
    """

    isolation: Isolation
    limits: Limits
    cuda: bool = False
    hide: Sequence[Path] = ()
    beside: Beside | None = None
    only_reads: bool = False


class ZygoteProcess:
    """One process of a zygote. It warms up while others work; the first answer waits for it."""

    def __init__(self, settings: ZygoteSettings) -> None:
        """Start it. Raises `GradingError`."""
        self._settings = settings
        isolation = settings.isolation
        # Not around a GPU's driver, which takes as much of the machine's memory as it likes.
        self._group = Group() if isolation.cgroup and not settings.cuda else None
        self.folder = Path(tempfile.mkdtemp(prefix="grader-"))
        if isolation.users:
            self.folder.chmod(0o711)  # each child finds its own folder there, and nobody else's opens
        self._ready = False
        self._forked: Forked | None = None
        self._started: subprocess.Popen[bytes] | None = None
        self._held: socket.socket | None = None  # by which what stays within bubblewrap knows that it is needed
        self._control = self._fork() or self._start()

    def _fork(self) -> socket.socket | None:
        """Have it forked from the template that this process came from, and which has imported torch; None where that
        can't be done. Returns our end of its control."""
        template, isolation = template_client.of_this_process, self._settings.isolation
        if template is None or self._settings.cuda or self._settings.only_reads:
            return None
        request = {
            "fork": "zygote",
            "told": self._told(),
            "folder": SCRATCH if isolation.bubblewrap else str(self.folder),
            "group": str(self._group.folder) if self._group else "",
            "capabilities": kept_capabilities(),
        }
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            descriptors = [theirs.fileno()]
            if isolation.bubblewrap:
                self._held, inside = socket.socketpair()
                with inside:
                    self._started = _silent([*self._wrap(), *STAY, str(inside.fileno())], inside, self.folder)
                descriptors.append(self._held.fileno())
            try:
                self._forked = template.fork(request, descriptors)
            except OSError:  # the template is gone
                ours.close()
                self._end()
                return None
        return ours

    def _start(self) -> socket.socket:
        """Start it by exec. Returns our end of its control."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [
            *(self._group.entrance() if self._group else []),
            *(self._wrap() if self._settings.isolation.bubblewrap else []),
            *(sys.executable, "-I", "-B", "-X", "utf8", "-c", START),
            *(str(KIT), str(theirs.fileno()), json.dumps(self._told())),
        ]
        with theirs:
            self._started = _silent(command, theirs, self.folder)
        return ours

    def _wrap(self) -> list[str]:
        settings, size = self._settings, self._settings.limits.scratch_bytes
        show = {settings.beside.folder: LESSON} if settings.beside else {}
        return wrap(size, cuda=settings.cuda, hide=settings.hide, show=show)

    def _told(self) -> dict[str, Any]:
        """What it is told of its walls."""
        settings, isolation = self._settings, self._settings.isolation
        beside: list[str] = []
        if settings.beside:
            beside = [LESSON if isolation.bubblewrap else settings.beside.folder, *settings.beside.names]
        return {
            "landlock": isolation.landlock,
            "seccomp": isolation.seccomp,
            "devices": gpu_devices() if settings.cuda else [],
            "beside": beside,
            "torch": not settings.only_reads,
        }

    def await_ready(self) -> bool:
        """Wait until it is warm. Whether it had to be waited for. Raises `WorkerFault`."""
        if self._ready:
            return False
        try:
            self.answer(START_SECONDS)
        except WorkerFault:
            if not self._forked:
                raise
            # This machine doesn't let a process that is there already enter what bubblewrap made, or memory was short.
            self._control.close()
            self._end()
            self._control = self._start()
            self.answer(START_SECONDS)
        self.limit_group()
        self._ready = True
        return True

    def limit_group(self) -> None:
        """What its control group may take, if it has one, counted from what it holds now."""
        if self._group:
            limits = self._settings.limits
            self._group.limit((limits.memory_mb << 20) + limits.scratch_bytes, _PROCESSES)

    def ask(self, request: dict[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Send a request, with these open files. Raises `OSError` when it is gone."""
        socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)

    def answer(self, seconds: float) -> tuple[dict[str, Any], list[int]]:
        """Its next answer, and the open files that come with it. Raises `WorkerFault`."""
        self._control.settimeout(seconds)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, 1)
        except OSError as error:
            raise WorkerFault(f"the zygote doesn't answer: {error}") from None
        if not data:
            raise WorkerFault("the zygote has ended; can `python -c 'import torch'` be run?")
        return json.loads(data), list(descriptors)

    def stop(self) -> None:
        """End it, and with it every child, and put away what was theirs."""
        self._control.close()
        self._end()
        if self._group:
            self._group.close()
        home.clear(self.folder)

    def _end(self) -> None:
        if self._started:
            self._started.kill()
            self._started.wait()
        if self._held:
            self._held.close()
        if self._forked:
            self._forked.send_signal(signal.SIGKILL)
            self._forked.wait()
            self._forked.close()
        self._started = self._held = self._forked = None


def _silent(command: Sequence[str], passed_on: socket.socket, folder: Path) -> subprocess.Popen[bytes]:
    """A process with a clean environment that neither hears nor says anything, but through this socket."""
    return subprocess.Popen(
        command,
        env=template_client.clean_environment(),
        pass_fds=[passed_on.fileno()],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
