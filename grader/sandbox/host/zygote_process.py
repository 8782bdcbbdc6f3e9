"""The zygote's process: started within its layers, asked over one socket, and ended with all its children."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grader
from grader.core.assignment import Assignment, Limits
from grader.sandbox.host.bubblewrap import LESSON, wrap
from grader.sandbox.host.cgroup import Group
from grader.sandbox.host.child import WorkerFault
from grader.sandbox.host.machine import Isolation, gpu_devices
from grader.sandbox.inside import home
from grader.sandbox.inside.home import Beside

START_SECONDS = 600.0
_PROCESSES = 256  # and threads, of bubblewrap, the zygote and its child together
_KIT = Path(grader.__file__).resolve().parent.parent
# One thread each, set before torch is imported: a zygote that ran an operation on two makes its children hang.
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
# Each thread would reserve 64 MB of address space for a heap of its own, or not: as luck would have it.
_HEAPS = {"MALLOC_ARENA_MAX": "1"}
_CUDA = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "LD_LIBRARY_PATH")
# Which instructions of the processor are used: a reference and what it is compared with must round alike.
_INSTRUCTIONS = ("ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")
# The kit's folder is on the import path only while the worker itself is imported.
_START = """\
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
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.folder = Path(tempfile.mkdtemp(prefix="grader-"))
        if isolation.users:
            self.folder.chmod(0o711)  # each child finds its own folder there, and nobody else's opens
        passed_on = {name: os.environ[name] for name in (*_CUDA, *_INSTRUCTIONS) if name in os.environ}
        self._process = subprocess.Popen(
            self._command(theirs.fileno()),
            env={**_THREADS, **_HEAPS, **passed_on},
            pass_fds=[theirs.fileno()],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._ready = False

    def _command(self, control: int) -> list[str]:
        """The layers around it, and what it is told."""
        settings, isolation = self._settings, self._settings.isolation
        told: dict[str, Any] = {
            "landlock": isolation.landlock,
            "seccomp": isolation.seccomp,
            "devices": gpu_devices() if settings.cuda else [],
            "beside": [],
            "torch": not settings.only_reads,
        }
        show: dict[str, str] = {}
        if settings.beside:
            folder = LESSON if isolation.bubblewrap else settings.beside.folder
            show = {settings.beside.folder: folder}
            told["beside"] = [folder, *settings.beside.names]
        size = settings.limits.scratch_bytes
        return [
            *(self._group.entrance() if self._group else []),
            *(wrap(size, cuda=settings.cuda, hide=settings.hide, show=show) if isolation.bubblewrap else []),
            *(sys.executable, "-I", "-B", "-X", "utf8", "-c", _START),
            *(str(_KIT), str(control), json.dumps(told)),
        ]

    def await_ready(self) -> bool:
        """Wait until it is warm. Whether it had to be waited for. Raises `WorkerFault`."""
        if self._ready:
            return False
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
        self._process.kill()
        self._process.wait()
        if self._group:
            self._group.close()
        home.clear(self.folder)
