"""What a child may use, enforced by the kernel before any learner code is read.

Called once in a freshly forked child. Everything here works without privileges and needs no library. Further layers
(Landlock, seccomp, a user of its own) belong here too, each as one function that `confine` calls in order.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True)
class Allowance:
    """What one child may use. `memory_mb` comes on top of what the zygote holds; 0 means no limit on address space
    (CUDA reserves far more of it than it uses)."""

    cpu_seconds: int
    memory_mb: int
    file_bytes: int = 1 << 20
    open_files: int = 64


def confine(allowance: Allowance, scratch: str, keep: int) -> None:
    """Shut this process in: its own session, an empty environment, a scratch folder, limits, and no descriptor but
    0, 1, 2 and `keep`. Raises `OSError` when a layer can't be applied: then no learner code may run."""
    os.setsid()
    _die_with_parent()
    os.environ.clear()
    os.chdir(scratch)
    os.umask(0o077)
    _close_descriptors(keep)
    _limit(allowance)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)


def _die_with_parent() -> None:
    zygote = os.getppid()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:  # it died before the request was made
        os._exit(1)


def _close_descriptors(keep: int) -> None:
    os.closerange(3, keep)
    os.closerange(keep + 1, 1 << 16)


def _limit(allowance: Allowance) -> None:
    limits = [
        (resource.RLIMIT_FSIZE, allowance.file_bytes),
        (resource.RLIMIT_NOFILE, allowance.open_files),
        (resource.RLIMIT_CORE, 0),
    ]
    if allowance.memory_mb:
        limits.append((resource.RLIMIT_AS, _address_space() + (allowance.memory_mb << 20)))
    # SIGXCPU first, so that the end tells its reason; SIGKILL a second later for those who ignore it.
    resource.setrlimit(resource.RLIMIT_CPU, (allowance.cpu_seconds, allowance.cpu_seconds + 1))
    for which, value in limits:
        _, hard = resource.getrlimit(which)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def _address_space() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")
