"""Landlock: which files a process may open, decided by the kernel, without privileges.

All rights over files, TCP and UDP ports and processes outside that the running kernel knows are taken away; the rules
give back reading the interpreter and its libraries, and writing in one scratch folder. Nothing can be executed:
loading a shared library needs only to read it.

Landlock says nothing about `stat`, `chdir`, `chmod`, `utime`, extended attributes or the names of links. What of that
changes something is closed by `grader.sandbox.inside.seccomp`, which also makes up for what old kernels don't handle.
That a file exists, and how large it is, stays visible.

Sources: the kernel's documentation, userspace-api/landlock, and landlock(7), landlock_create_ruleset(2),
landlock_add_rule(2), landlock_restrict_self(2). Why no library: docs/sandbox-libraries.md.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# The numbers are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_LOG_SAME_EXEC_OFF, _LOG_SUBDOMAINS_OFF = 1, 4

_WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_REG, _TRUNCATE, _IOCTL_DEV = 1 << 7, 1 << 8, 1 << 14, 1 << 15

_READ = _READ_FILE | _READ_DIR
_READ_AND_WRITE = _READ_FILE | _WRITE_FILE | _TRUNCATE
_USE_DEVICE = _READ_FILE | _WRITE_FILE | _IOCTL_DEV
# No links, no sockets, no pipes, no devices, no moving between folders, and nothing in it can be executed.
_SCRATCH = _READ | _WRITE_FILE | _TRUNCATE | _MAKE_REG | _MAKE_DIR | _REMOVE_FILE | _REMOVE_DIR
_ON_FILES = _READ_AND_WRITE | _IOCTL_DEV  # what a rule for something that is no folder may give

# The first ABI with each: how many rights over files there are, then which over the network, and which scopes.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16, 9: 17}
_NET_RIGHTS = {4: 2, 10: 4}
_SCOPES = {6: 2}


def abi() -> int:
    """The version of the kernel's Landlock; 0 where it has none, or it is switched off."""
    if sys.platform != "linux":
        return 0
    try:
        return _call(_CREATE_RULESET, None, 0, _VERSION)
    except OSError:
        return 0


def handled(version: int) -> tuple[int, int, int]:
    """All rights over files and the network, and all scopes, that a kernel of this ABI can take away."""

    def all_of(first: dict[int, int]) -> int:
        return (1 << max((count for since, count in first.items() if since <= version), default=0)) - 1

    return all_of(_FILE_RIGHTS), all_of(_NET_RIGHTS), all_of(_SCOPES)


@dataclass(frozen=True)
class FileRules:
    """What children may open, beside their scratch folder: rules as the kernel reads them, on descriptors held open.

    The rules, not a ruleset: forked processes would share that, and each would be given the others' scratch folders.
    """

    abi: int
    rules: tuple[bytes, ...]
    descriptors: tuple[int, ...]
    own_proc: bool

    def close(self) -> None:
        """Close what was held open."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def prepare(
    readable: Iterable[str], writable: Iterable[str] = ("/dev/null",), devices: Iterable[str] = ()
) -> FileRules:
    """Open what children may open, once, in the process that forks them; what doesn't exist is left out.

    `readable` are files, or folders with all that is in them; `writable` are single files; `devices`
    are what a GPU is used through, to read, write and control. With devices a child may also read its own /proc
    folder, as CUDA does. Raises `OSError` when there is no Landlock, or something can't be opened.
    """
    version = abi()
    if not version:
        raise OSError(errno.EOPNOTSUPP, "this kernel has no Landlock, or it is switched off")
    devices = tuple(devices)
    rules, descriptors = [], []
    for paths, rights in ((readable, _READ), (writable, _READ_AND_WRITE), (devices, _USE_DEVICE)):
        for path in paths:
            try:
                descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            descriptors.append(descriptor)
            rules.append(_rule(version, rights, descriptor))
    return FileRules(version, tuple(rules), tuple(descriptors), own_proc=bool(devices))


def restrict(rules: FileRules, scratch: str) -> None:
    """Take from this process, for good, all access but that of `rules` and its own scratch folder.

    For a freshly forked process with one thread and no_new_privs set; descriptors that it has open stay usable.
    Raises `OSError` when the kernel refuses, and then nothing is restricted.
    """
    ruleset = _call(_CREATE_RULESET, struct.pack("=QQQ", *handled(rules.abi)), 24, 0)
    try:
        for rule in rules.rules:
            _call(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
        _allow(ruleset, rules.abi, _SCRATCH, scratch)
        if rules.own_proc:
            _allow(ruleset, rules.abi, _READ, "/proc/self")
        # What is denied is a learner's business: it would only fill the system's audit log.
        _call(_RESTRICT_SELF, ruleset, _LOG_SAME_EXEC_OFF | _LOG_SUBDOMAINS_OFF if rules.abi >= 7 else 0)
    finally:
        os.close(ruleset)


def interpreter_places() -> list[str]:
    """The folders and files that this interpreter, numpy and torch read when they import something late.

    Never `sys.path`: it may name the folder of the course. None of them is within another, as each rule costs time.
    """
    places = {*_SYSTEM_PLACES}
    places |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        places |= {f"{prefix}/lib", f"{prefix}/lib64"}
    for package in ("numpy", "torch"):
        spec = find_spec(package)
        if spec is not None and spec.origin:
            places.add(str(Path(spec.origin).parent))
    real = {Path(place).resolve() for place in places if Path(place).exists()}
    return sorted(str(place) for place in real if real.isdisjoint(place.parents))


_SYSTEM_PLACES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
    # How many cores, and what they can do: os.cpu_count() and torch's cpuinfo.
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
    "/proc/meminfo",
)


def _allow(ruleset: int, version: int, rights: int, folder: str) -> None:
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, _rule(version, rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _rule(version: int, rights: int, descriptor: int) -> bytes:
    rights &= handled(version)[0]
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        rights &= _ON_FILES
    return struct.pack("=Qi", rights, descriptor)


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _call(number: int, *arguments: int | bytes | None) -> int:
    made = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    result: int = _libc.syscall(ctypes.c_long(number), *made)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock, system call {number}: {os.strerror(code)}")
    return result
