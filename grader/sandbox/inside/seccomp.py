"""seccomp: which system calls a process may make, and with which arguments, decided by the kernel.

An allow-list. What isn't named in `_calls` fails with EPERM: making processes, running programs, sockets, namespaces
and mounts, looking into other processes, signals to them, their priorities and limits, changing the mode, owner or
times of files, links, shared memory, keys, io_uring, bpf, and whatever future kernels bring. Calls of a foreign
architecture, x32 among them, end the process. Pointers can't be followed: paths are for
`grader.sandbox.inside.landlock`.

The filter is made once, in the process that forks, and is a binary search over the numbers: the kernel tries every
number once when a filter is loaded, and with a list of comparisons that takes longer than all the rest. What a child
adds is its own process id.

Sources: the kernel's documentation, userspace-api/seccomp_filter; seccomp(2), clone(2), ioctl_list(2), fcntl(2);
linux/seccomp.h, linux/filter.h, linux/audit.h. What is allowed was found by running lessons under the filter. Why no
library: docs/sandbox-libraries.md.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from dataclasses import dataclass
from typing import NamedTuple

from grader.sandbox.inside.syscalls import NUMBERS

# In the order of the columns of `NUMBERS`.
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000

_RET_KILL_PROCESS, _RET_ERRNO, _RET_ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _AND, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
# Places in the kernel's struct seccomp_data; both architectures are little-endian.
_AT_NUMBER, _AT_ARCHITECTURE, _AT_ARGUMENTS = 0, 4, 16

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

_WORD = 0xFFFFFFFF
_OWN_PID = -1  # filled in by the child


class Match(NamedTuple):
    """Values that an argument may have, once masked."""

    values: tuple[int, ...]
    mask: int = _WORD


class Argument(NamedTuple):
    """One argument has one of the values; the kernel reads only its lower half, unless it is `whole`."""

    position: int
    matches: tuple[Match, ...]
    whole: bool = False


@dataclass(frozen=True)
class Denied:
    """A call that fails with this error."""

    code: int


Verdict = tuple[Argument, ...] | Denied  # all of the arguments must be right; none are looked at if it's empty


def _names(text: str) -> list[str]:
    return text.split()


_PLAIN = _names("""
    read write readv writev pread64 pwrite64 lseek close close_range dup dup2 dup3 creat ftruncate fsync fdatasync
    stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd
    unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir chdir umask poll ppoll select pselect6 getsockname
    mmap munmap mremap mprotect mseal brk msync membarrier futex futex_waitv exit exit_group set_robust_list rseq
    restart_syscall rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack
    pause alarm setitimer getitimer nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getpgrp getrusage getrlimit
    sysinfo uname getrandom getcpu sched_yield sched_getaffinity
""")

# For CUDA, beside ioctls. memfd_create is known to be needed (github.com/NVIDIA/OpenShell/issues/1696), get_mempolicy
# and reading /proc/self/status are seen in traces (github.com/NVIDIA/cuda-checkpoint/issues/10); the rest is a guess.
_FOR_DEVICES = _names("""
    memfd_create get_mempolicy set_mempolicy mbind mlock munlock pipe pipe2 eventfd2 epoll_create1 epoll_ctl epoll_wait
    epoll_pwait sched_getscheduler sched_getparam sched_get_priority_max sched_get_priority_min
""")


def _only(position: int, *values: int, whole: bool = False) -> Argument:
    return Argument(position, (Match(values),), whole)


# How glibc and musl start a thread; with any other flags it is a process, or a thread in a namespace of its own.
_THREAD = _only(0, 0x3D0F00, 0x7D0F00, whole=True)
# Reading with O_TRUNC empties a file, which Landlock notices only from ABI 3 on. (mask: O_ACCMODE | O_TRUNC)
_OPENING = tuple(mode | cut for mode in (0, 1, 2, 3) for cut in (0, 0o1000) if (mode, cut) != (0, 0o1000))
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, TCGETS2.
_IOCTLS = Match((0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x802C542A))
# NVIDIA's driver numbers its ioctls by the letter F; its unified memory from 0, and two from 0x30000000.
_DEVICE_IOCTLS = (Match((0x4600,), 0xFF00), Match((0, 0x30000000), 0xFFFFFF00))

_WITH_ARGUMENTS: dict[str, Verdict] = {
    "open": (Argument(1, (Match(_OPENING, 0o1003),)),),
    "openat": (Argument(2, (Match(_OPENING, 0o1003),)),),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks, no leases, no signals on input.
    "fcntl": (_only(1, 0, 1, 2, 3, 4, 1030),),
    # What send and recv of the one connected socket come down to: no address, no flags, so no descriptors and nothing
    # out of band.
    "sendto": (_only(3, 0), _only(4, 0, whole=True)),
    "recvfrom": (_only(3, 0),),
    # SOL_SOCKET; SO_TYPE, SO_ERROR, SO_PROTOCOL, SO_DOMAIN. Others hand out a descriptor of the process at the far end.
    "getsockopt": (_only(1, 1), _only(2, 3, 4, 38, 39)),
    # MADV_NORMAL to MADV_DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP: no broken or merged pages.
    "madvise": (_only(2, 0, 1, 2, 3, 4, 8, 14, 15, 16, 17),),
    # Numbers in memory that can't be read here, so glibc is sent to `clone`, whose flags can.
    "clone3": Denied(errno.ENOSYS),
    # As on a file system without extended attributes, which shutil.copy2 asks about and does without.
    "listxattr": Denied(errno.EOPNOTSUPP),
    "clone": (_THREAD,),
    "kill": (_only(0, _OWN_PID),),
    "tgkill": (_only(0, _OWN_PID),),
    # Reading its own limits; root could raise them.
    "prlimit64": (_only(0, 0, _OWN_PID), _only(2, 0, whole=True)),
    # GET_PDEATHSIG, GET_DUMPABLE, SET_NAME, GET_NAME, GET_SECCOMP, GET_NO_NEW_PRIVS, SVE_GET_VL, SME_GET_VL, SET_VMA.
    "prctl": (_only(0, 2, 3, 15, 16, 21, 39, 51, 64, 0x53564D41),),
    # Asking for the AMX registers, as oneDNN does: ARCH_GET_XCOMP_SUPP, GET_XCOMP_PERM, REQ_XCOMP_PERM.
    "arch_prctl": (_only(0, 0x1021, 0x1022, 0x1023),),
}


class _Instruction(NamedTuple):
    code: int
    value: int
    if_true: int = 0
    if_false: int = 0


@dataclass(frozen=True)
class Filter:
    """A filter as the kernel reads it, but for the process id of who loads it."""

    program: bytes
    pid_places: tuple[int, ...]

    def load(self) -> None:
        """Put this process under the filter, for good, and whatever threads it starts.

        For a freshly forked process with one thread and no_new_privs set. Raises `OSError` when the kernel refuses.
        """
        program = ctypes.create_string_buffer(self.program, len(self.program))
        pid = os.getpid()
        for place in self.pid_places:
            struct.pack_into("=I", program, place, pid)
        _prctl_filter(_Program(len(self.program) // 8, ctypes.addressof(program)))


def supported() -> bool:
    """Whether this is Linux on an architecture in `NUMBERS`, with a kernel that takes filters."""
    if sys.platform != "linux" or os.uname().machine not in _ARCHITECTURES:
        return False
    try:
        _prctl_filter(None)
    except OSError as error:
        return error.errno == errno.EFAULT  # it would have read a program
    return False


def build(devices: bool = False, machine: str | None = None) -> Filter:
    """Make the filter, for this machine's architecture unless another is named.

    With `devices` it lets pass what CUDA needs as far as known. That was put together from what others report, and
    never run on a GPU. Raises `OSError` when the architecture is none of x86_64 and aarch64.
    """
    machine = machine or os.uname().machine
    if machine not in _ARCHITECTURES:
        raise OSError(errno.EOPNOTSUPP, f"no system call numbers are known for {machine}")
    column = list(_ARCHITECTURES).index(machine)
    numbered = {NUMBERS[name][column]: verdict for name, verdict in _calls(devices).items()}
    verdicts = {number: verdict for number, verdict in numbered.items() if number is not None}
    program = [*_only_native(machine), *_search(_ranges(verdicts))]
    code = b"".join(
        struct.pack("=HBBI", each.code, each.if_true, each.if_false, each.value & _WORD) for each in program
    )
    return Filter(code, tuple(8 * at + 4 for at, each in enumerate(program) if each.value == _OWN_PID))


def _calls(devices: bool) -> dict[str, Verdict]:
    plain = _PLAIN + _FOR_DEVICES if devices else _PLAIN
    ioctls = (_IOCTLS, *_DEVICE_IOCTLS) if devices else (_IOCTLS,)
    return {**dict.fromkeys(plain, ()), **_WITH_ARGUMENTS, "ioctl": (Argument(1, ioctls),)}


def _only_native(machine: str) -> list[_Instruction]:
    """Go on, with the call's number loaded, unless it is one of another architecture."""
    kill = _Instruction(_RETURN, _RET_KILL_PROCESS)
    return [
        _Instruction(_LOAD, _AT_ARCHITECTURE),
        _Instruction(_JUMP_EQUAL, _ARCHITECTURES[machine], if_true=1),
        kill,
        _Instruction(_LOAD, _AT_NUMBER),
        _Instruction(_JUMP_AT_LEAST, _X32_BIT, if_false=1),
        kill,
    ]


def _ranges(verdicts: dict[int, Verdict]) -> list[tuple[int, Verdict]]:
    """Where in the numbers another verdict begins."""
    unlisted: Verdict = Denied(errno.EPERM)
    ranges = [(0, unlisted)]
    for number in range(max(verdicts) + 2):
        verdict = verdicts.get(number, unlisted)
        if verdict != ranges[-1][1]:
            ranges.append((number, verdict))
    return ranges if ranges[1][0] else ranges[1:]


def _search(ranges: list[tuple[int, Verdict]]) -> list[_Instruction]:
    if len(ranges) == 1:
        return _leaf(ranges[0][1])
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    return [_Instruction(_JUMP_AT_LEAST, ranges[middle][0], if_true=len(below)), *below, *above]


def _leaf(verdict: Verdict) -> list[_Instruction]:
    if isinstance(verdict, Denied):
        return [_Instruction(_RETURN, _RET_ERRNO | verdict.code)]
    checks = [step for argument in verdict for step in _check(argument)]
    return [*checks, _Instruction(_RETURN, _RET_ALLOW)]


def _check(argument: Argument) -> list[_Instruction]:
    """Fall through when the argument is right."""
    place = _AT_ARGUMENTS + 8 * argument.position
    steps = _any_of(place, argument.matches)
    return [*steps, *_any_of(place + 4, (Match((0,)),))] if argument.whole else steps


def _any_of(place: int, matches: tuple[Match, ...]) -> list[_Instruction]:
    steps: list[_Instruction] = []
    for match in matches:
        steps.append(_Instruction(_LOAD, place))
        if match.mask != _WORD:
            steps.append(_Instruction(_AND, match.mask))
        steps += [_Instruction(_JUMP_EQUAL, value) for value in match.values]
    # A comparison that holds jumps over what is left, and over the refusal.
    aimed = [
        step._replace(if_true=len(steps) - at) if step.code == _JUMP_EQUAL else step for at, step in enumerate(steps)
    ]
    return [*aimed, _Instruction(_RETURN, _RET_ERRNO | errno.EPERM)]


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


_libc = ctypes.CDLL(None, use_errno=True)


def _prctl_filter(program: _Program | None) -> None:
    address = ctypes.c_void_p() if program is None else ctypes.byref(program)
    if _libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), address, ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")
