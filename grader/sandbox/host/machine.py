"""What this machine offers: the layers that shut learners' processes in, each tried, and a GPU that works."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import grader
from grader.core.assignment import Device
from grader.core.errors import GradingError
from grader.sandbox.host import bubblewrap, cgroup, users

_TRY = "import torch; print(torch.ones(2, 2, device='cuda').matmul(torch.ones(2, 2, device='cuda')).sum().item())"
_GPU_SECONDS = 120
_DEVICE_FILES = ("nvidia*", "dxg", "kfd", "dri")


def require_linux() -> None:
    """Raise `GradingError` where learners' processes can't be started and limited as grading needs it."""
    if not (sys.platform == "linux" and hasattr(os, "pidfd_open")):
        raise GradingError(
            "Batch grading needs Linux 5.4 or later: it starts and limits learners' processes in ways that other "
            "systems don't have. Use a Linux machine, a container, or WSL2 on Windows. The self-check runs everywhere."
        )


def choose_device(wanted: Literal["auto", "cpu", "cuda"]) -> tuple[Device, str]:
    """The device to grade on, and a note for the instructor (empty when there is nothing to say).

    `cuda` raises `GradingError` when there is no GPU that works; `auto` falls back to the CPU and says why.
    """
    if wanted == "cpu":
        return "cpu", ""
    reason = why_no_gpu()
    if not reason:
        return "cuda", "Grading on the GPU."
    if wanted == "auto":
        return "cpu", f"Grading on the CPU: {reason}"
    raise GradingError(f"No GPU can be used: {reason} Grade on the CPU instead, with --device cpu.")


def gpu_devices() -> list[str]:
    """The device files through which GPUs are used on this machine."""
    return sorted(str(path) for pattern in _DEVICE_FILES for path in Path("/dev").glob(pattern))


def why_no_gpu() -> str:
    """Why no GPU can be used, in a sentence; empty when one works."""
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRY], capture_output=True, text=True, timeout=_GPU_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the GPU did not answer within {_GPU_SECONDS} seconds."
    if tried.returncode == 0 and tried.stdout.strip() == "8.0":
        return ""
    last = tried.stderr.strip().splitlines()[-1:] or ["torch ended without a message"]
    return f"torch says: {last[0].removeprefix('AssertionError: ').removeprefix('RuntimeError: ').rstrip('.')}."


_KIT = Path(grader.__file__).resolve().parent.parent
_SECONDS = 60
_NO_NEW_PRIVILEGES = """\
import ctypes, os, socket, sys
sys.path.insert(0, sys.argv[1])
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
def denied(attempt):
    try:
        attempt()
    except PermissionError:
        return
    raise AssertionError("what is forbidden was done all the same")
"""
_LANDLOCK = """\
from grader.sandbox.inside import landlock
os.mkdir("scratch")
open("secret", "w").close()
landlock.restrict(landlock.prepare(landlock.interpreter_places()), "scratch")
denied(lambda: open("secret"))
denied(lambda: open("made", "w"))
open("scratch/made", "w").close()
import colorsys
print("works")
"""
_SECCOMP = """\
from grader.sandbox.inside import seccomp
seccomp.build().load()
denied(os.fork)
denied(lambda: socket.socket())
denied(lambda: os.kill(os.getppid(), 0))
denied(lambda: os.execv("/bin/true", ["true"]))
print("works")
"""


def landlock_unavailable_reason() -> str:
    """Why Landlock can't be used, and what to do; empty when it can."""
    advice = (
        "It needs Linux 5.13 or later, with `landlock` among the security modules: see /sys/kernel/security/lsm, and "
        "add it to the kernel's `lsm=` option. A container may forbid it as well."
    )
    return _tried(_LANDLOCK, "Landlock", advice)


def seccomp_unavailable_reason() -> str:
    """Why system calls can't be filtered, and what to do; empty when they can."""
    return _tried(_SECCOMP, "seccomp", "It needs Linux on x86_64 or aarch64, with CONFIG_SECCOMP_FILTER.")


def _tried(program: str, name: str, advice: str) -> str:
    command = [sys.executable, "-I", "-B", "-c", _NO_NEW_PRIVILEGES + program, str(_KIT)]
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        try:
            done = subprocess.run(
                command, cwd=folder, env={}, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{name} could not be tried: {error}. {advice}"
    if done.stdout == "works\n":
        return ""
    last = (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
    return f"{name} does not work here ({last.rstrip('.')}). {advice}"


Level = Literal["full", "kernel", "none"]
LEVELS: dict[Level, str] = {
    "full": "Learners' code sees a Python interpreter and nothing else of this machine.",
    "kernel": "The kernel keeps learners' code from other files, the network and other processes.",
    "none": "Learners' code would have limits, but could do whatever you can do.",
}


@dataclass(frozen=True)
class Isolation:
    """The layers that are put on. Limits, an empty environment and closed descriptors are always there."""

    bubblewrap: bool = False
    landlock: bool = False
    seccomp: bool = False
    users: bool = False
    cgroup: bool = False

    @property
    def level(self) -> Level:
        """What they amount to."""
        if not self.seccomp:
            return "none"
        if self.bubblewrap:
            return "full"
        return "kernel" if self.landlock else "none"


@dataclass(frozen=True)
class Layer:
    """A layer as it was tried here: what it does, and why it can't be had (empty when it can)."""

    name: str
    stops: str
    why_not: str

    @property
    def works(self) -> bool:
        """Whether it can be had."""
        return not self.why_not


def try_layers(*, cuda: bool = False, box: bool = True) -> list[Layer]:
    """Try each layer in a process that is thrown away; without `box`, as they are without bubblewrap."""
    no_box = bubblewrap.unavailable_reason(cuda=cuda) if box else "Not asked for."
    around = [] if no_box else bubblewrap.wrap(1 << 20)
    return [
        Layer("seccomp", "sockets, programs, processes, signals, mounts, tracing", seccomp_unavailable_reason()),
        Layer(
            "landlock", "files other than the interpreter's and its own scratch folder", landlock_unavailable_reason()
        ),
        Layer("bubblewrap", "seeing any other file, a network, other processes", no_box),
        Layer(
            "users",
            "access to other submissions' files: each run has its own system user",
            users.unavailable_reason(around),
        ),
        Layer(
            "cgroup",
            "memory and processes of a run, counted for all its processes together",
            cgroup.unavailable_reason(),
        ),
    ]


def isolation_of(layers: Sequence[Layer]) -> Isolation:
    """All layers that work."""
    return Isolation(**{layer.name: layer.works for layer in layers})


def choose_isolation(wanted: Level | None, *, cuda: bool = False) -> tuple[Isolation, str]:
    """The layers to grade with, and a note for the instructor (empty when there is nothing to say).

    Without a wish, all that work. Raises `GradingError` when that is too little, or less than was wished for.
    """
    if wanted == "none":
        return Isolation(), _WARNING
    layers = try_layers(cuda=cuda, box=wanted != "kernel")
    isolation = isolation_of(layers)
    missing = [layer for layer in layers if layer.name in _DECISIVE and not layer.works]
    if isolation.level == "none" or isolation.level != (wanted or isolation.level):
        raise GradingError("\n".join([_TOO_LITTLE, *(layer.why_not for layer in missing)]))
    if wanted is None and isolation.level == "kernel":
        return isolation, f"Sandbox: kernel, not full. {missing[0].why_not}"
    return isolation, ""


_DECISIVE = ("seccomp", "landlock", "bubblewrap")
_WARNING = (
    "Warning: --sandbox none. Submissions run without the sandbox and can do whatever you can do: read solutions, "
    "change files, use the network. Every result says so."
)
_TOO_LITTLE = (
    "This machine can't provide the sandbox, so nothing was run. `python -m grader doctor` shows what was "
    "tried. Fix what it names, grade in a container or virtual machine that allows it (WSL2 on Windows), or, if you "
    "would run "
    "this code yourself, use --sandbox none."
)
