"""What a child may use, enforced by the kernel before any learner code is read, and the user that it runs as.

The user is a number without an entry in any password file, and owns nothing on the machine: no file, no process, no
kernel setting. That is more than a user namespace gives to root: a process that is number 0 outside, whatever it is
called inside, writes to /proc/sys without any capability.

Called once in a freshly forked child. The layers are modules of their own, put on in the order in which each still lets
the next one be put on: the user, then limits, then files, and system calls last.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from grader.sandbox.inside import home, landlock, seccomp

_CAPABILITY_VERSION_3 = 0x20080522


def become(user: int) -> None:
    """Turn this process into `user`, for good: no groups, no capabilities, no way back.

    Call it in a freshly forked child before the other layers: the kernel forgets PR_SET_PDEATHSIG on a change of user,
    counts RLIMIT_NPROC for the new one, and gives /proc/self to root. Raises `OSError` when it can't be done, or when
    something of the old user is left: then no learner code may run.
    """
    if user <= 0:
        raise PermissionError("a child must not be the user root")
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3 or os.getgroups() or _capabilities():
        raise PermissionError("the change of user left something of the old one")
    try:
        os.setresuid(0, 0, 0)
    except PermissionError:
        return
    raise PermissionError("the change of user can be undone")


def drop_capabilities() -> None:
    """Give up all that this process may do beyond what its files' owner may, for good. Raises `OSError`.

    For root where children can't have users of their own.
    """
    _hold(0)


def keep_capabilities(numbers: Sequence[int]) -> None:
    """Give up all capabilities but these, for this process and all that it becomes and starts. Raises `OSError`."""
    kept = sum(1 << number for number in numbers)
    for number in range(64):
        if not kept & 1 << number and not _prctl(_PR_CAPBSET_DROP, number, missing=errno.EINVAL):
            break  # there are no more
    _hold(kept)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 1)  # a change of capabilities ends it, and gives /proc/self to root


def _hold(capabilities: int) -> None:
    """Source: capset(2), linux/capability.h."""
    low, high = capabilities & 0xFFFFFFFF, capabilities >> 32
    header, data = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), struct.pack("=6I", low, low, 0, high, high, 0)
    if _libc.capset(header, data) != 0 or _capabilities() != capabilities:
        raise OSError(ctypes.get_errno(), "capabilities could not be given up")


def name_process(name: str) -> None:
    """What `ps` and `top` call this process."""
    _libc.prctl(_PR_SET_NAME, name.encode())


def die_with_parent() -> None:
    """When the parent process ends, this one is killed."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _capabilities() -> int:
    """What this process can do (effective) or could take back (permitted, ambient)."""
    held = 0
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(("CapPrm:", "CapEff:", "CapAmb:")):
                held |= int(line.split()[1], 16)
    return held


_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True)
class Allowance:
    """What one child may use. `memory_mb` comes on top of what the zygote holds; 0 means no limit on address space
    (CUDA reserves far more of it than it uses). `user` is a user of its own, 0 for none. `file_bytes` is the most that
    a single file may hold."""

    cpu_seconds: int
    memory_mb: int
    file_bytes: int
    user: int = 0
    open_files: int = 64
    threads: int = 64


@dataclass(frozen=True)
class Walls:
    """What was prepared for all children before the fork. None: this layer is left out. `beside` is what lies
    beside the modules."""

    files: landlock.FileRules | None = None
    calls: seccomp.Filter | None = None
    beside: home.Beside | None = None


def confine(allowance: Allowance, walls: Walls, scratch: str, keep: int) -> None:
    """Shut this process in: its own session, surroundings of its own in a scratch folder, limits, no descriptor but 0,
    1, 2 and `keep`, and the walls. Raises `OSError` when a layer can't be applied: then no learner code may run."""
    zygote = os.getppid()
    os.setsid()
    os.umask(0o077)
    _end_first_when_memory_is_short()
    if allowance.user:
        become(allowance.user)
    elif walls.calls and os.geteuid() == 0:
        drop_capabilities()
    _die_with(zygote)  # after the change of user, which makes the kernel forget it
    home.furnish(scratch, walls.beside)
    _limit(allowance)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    if walls.files:
        landlock.restrict(walls.files, scratch)
    _close_descriptors(keep)
    if walls.calls:
        walls.calls.load()


def _end_first_when_memory_is_short() -> None:
    """Where memory is limited for zygote and child together, the kernel shall end the child."""
    with open("/proc/self/oom_score_adj", "w") as adjustment:
        adjustment.write("1000")


def _die_with(zygote: int) -> None:
    die_with_parent()
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
    if allowance.user:  # counted for each user, and so of no use where children share theirs with others
        limits.append((resource.RLIMIT_NPROC, allowance.threads))
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


def _prctl(option: int, value: int, *, missing: int = 0) -> bool:
    """Whether it was done; False where the kernel answers `missing`. Raises `OSError`."""
    if _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)) == 0:
        return True
    code = ctypes.get_errno()
    if code == missing:
        return False
    raise OSError(code, f"prctl({option}): {os.strerror(code)}")
