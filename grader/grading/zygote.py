"""The zygote, seen from the grader: start it, ask it for children, have them reaped."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import grader
from grader.course.model import Limits
from grader.grading.child import Child, Exit, WorkerFault

START_SECONDS = 120.0
REPLY_SECONDS = 20.0
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
grader.worker.zygote.main(int(sys.argv[2]))
"""


class Zygote:
    """A running zygote. Use as a context manager, or `close` it."""

    def __init__(self) -> None:
        """Start it. It warms up while others work; the first `spawn` waits for it."""
        self._start()

    def restart(self) -> None:
        """Put a new one in its place. Children of the old one are gone."""
        self.close()
        self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = Path(tempfile.mkdtemp(prefix="grader-"))
        command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(_KIT), str(theirs.fileno())]
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
        self._number = 0
        self._scratch: dict[int, Path] = {}
        self._ready = False

    def _await_ready(self) -> None:
        if not self._ready:
            self._answer(START_SECONDS)
            self._ready = True

    def spawn(self, limits: Limits, device: str) -> Child:
        """A fresh child, shut in, with a scratch folder of its own. Raises `WorkerFault`."""
        self._await_ready()
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        self._number += 1
        scratch = self._folder / str(self._number)
        scratch.mkdir(mode=0o700)
        wanted = {
            "cpu_seconds": limits.cpu_seconds,
            "memory_mb": limits.memory_mb if device == "cpu" else 0,
            "scratch": str(scratch),
        }
        try:
            message = json.dumps({"spawn": wanted}).encode()
            socket.send_fds(self._control, [message], [theirs.fileno(), their_output])
            answer, descriptors = self._answer(REPLY_SECONDS)
        except (OSError, WorkerFault) as error:
            ours.close()
            os.close(output)
            raise WorkerFault(f"no child could be started: {error}") from None
        finally:
            theirs.close()
            os.close(their_output)
        self._scratch[answer["pid"]] = scratch
        return Child(answer["pid"], descriptors[0], ours, output, limits.output_bytes)

    def end(self, child: Child) -> Exit:
        """Kill a child, wait for its end, and clear its scratch folder away. Raises `WorkerFault`."""
        child.kill()
        try:
            self._control.send(json.dumps({"reap": child.pid}).encode())
        except OSError as error:
            raise WorkerFault(f"the zygote is gone: {error}") from None
        answer, _ = self._answer(REPLY_SECONDS)
        shutil.rmtree(self._scratch.pop(child.pid), ignore_errors=True)
        return Exit(answer["exit"])

    def close(self) -> None:
        """End the zygote, and with it every child."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
