"""Do the walls that the kernel puts around each child work here? Each is tried in a process that is thrown away."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import grader

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
from grader.worker import landlock
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
from grader.worker import seccomp
seccomp.build().load()
denied(os.fork)
denied(lambda: socket.socket())
denied(lambda: os.kill(os.getppid(), 0))
denied(lambda: os.execv("/bin/true", ["true"]))
print("works")
"""


def landlock_works() -> str:
    """Why Landlock can't be used, and what to do; empty when it can."""
    advice = (
        "It needs Linux 5.13 or later, with `landlock` among the security modules: see /sys/kernel/security/lsm, and "
        "add it to the kernel's `lsm=` option. A container may forbid it as well."
    )
    return _tried(_LANDLOCK, "Landlock", advice)


def seccomp_works() -> str:
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
