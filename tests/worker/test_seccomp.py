"""The filter in real processes, and read through for every number on both architectures."""

from __future__ import annotations

import errno
import os
import re
import signal
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.inside import landlock, seccomp
from grader.sandbox.inside.syscalls import NUMBERS

ROOT = Path(__file__).resolve().parent.parent.parent
MACHINES = ("x86_64", "aarch64")
needs_seccomp = pytest.mark.skipif(not seccomp.supported(), reason="no seccomp here, or no numbers for this machine")

BEFORE = """
import fcntl, resource, signal, socket, struct, threading, time
filter = seccomp.build()
column = ("x86_64", "aarch64").index(os.uname().machine)
near, far = socket.socketpair()
open("file", "w").write("text")
"""
LOCK = "filter.load()"

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000

# What an ordinary process may do, so that without the filter none of it fails with EPERM.
ORDINARY = {
    # Processes
    "fork": "os.fork() or os._exit(0)",
    "start a program": "os.posix_spawn('/bin/true', ['true'], {})",
    "run a shell": "import subprocess; subprocess.run(['true'])",
    "use many processes": "import multiprocessing as m; m.get_context('fork').Process(target=int).start()",
    "leave its session": "call((112, 157)[column])",
    "leave its process group": "call((109, 154)[column], 0, os.getppid())",
    "new namespaces": "call((272, 97)[column], 0)",
    # Others
    "signal the parent": "os.kill(os.getppid(), 0)",
    "signal its group": "os.kill(0, 0)",
    "signal everybody": "os.killpg(os.getpgrp(), 0)",
    "signal a thread by number": "call((200, 130)[column], os.getppid(), 0)",
    "signal a thread of the parent": "call((234, 131)[column], os.getppid(), os.getppid(), 0)",
    "queue a signal": "call((129, 138)[column], os.getpid(), 0, bytes([0] * 8 + [255] * 4 + [0] * 116))",
    "hold a process": "os.pidfd_open(os.getppid())",
    "see the limits of others": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
    "change its limits": "call((302, 261)[column], 0, 0, struct.pack('qq', *resource.getrlimit(0)), 0)",
    "change its priority": "os.setpriority(os.PRIO_PROCESS, 0, 1)",
    "be nice": "os.nice(1)",
    "choose its cores": "os.sched_setaffinity(0, os.sched_getaffinity(0))",
    "choose its scheduler": "os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))",
    "choose its disk priority": "call((251, 30)[column], 1, 0, 16384)",
    "look into memory": "call((310, 270)[column], os.getpid(), 0, 0, 0, 0, 0)",
    "write into memory": "call((311, 271)[column], os.getpid(), 0, 0, 0, 0, 0)",
    "be looked into": "libc.prctl(4, 1, 0, 0, 0) and call((157, 167)[column], 4, 1, 0, 0, 0)",
    "outlive the parent": "call((157, 167)[column], 1, 0, 0, 0, 0)",
    "change its personality": "call((135, 92)[column], 0xFFFFFFFF)",
    # Sockets
    "tcp": "socket.socket()",
    "udp": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "unix": "socket.socket(socket.AF_UNIX)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "a pair": "socket.socketpair()",
    "send a descriptor": "socket.send_fds(near, [b'x'], [0])",
    "take a descriptor": "far.send(b'x'); socket.recv_fds(near, 1, 1)",
    "send out of band": "near.send(b'x', socket.MSG_OOB)",
    "who is at the far end": "near.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED)",
    "options": "near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)",
    # Files
    "mode": "os.chmod('file', 0o600)",
    "mode of what is open": "os.fchmod(os.open('file', os.O_RDONLY), 0o600)",
    "owner": "os.chown('file', os.getuid(), os.getgid())",
    "times": "os.utime('file')",
    "attributes": "os.setxattr('file', 'user.x', b'x')",
    "a link": "os.symlink('file', 'link')",
    "a second name": "os.link('file', 'second')",
    "a pipe with a name": "os.mkfifo('pipe')",
    "empty a file by name": "os.truncate('file', 0)",
    "empty a file by reading": "os.open('file', os.O_RDONLY | os.O_TRUNC)",
    "lock": "fcntl.flock(os.open('file', os.O_RDONLY), fcntl.LOCK_EX)",
    "lock a part": "fcntl.lockf(os.open('file', os.O_RDWR), fcntl.LOCK_EX)",
    "lease": "fcntl.fcntl(os.open('file', os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "signals on input": "fcntl.fcntl(near, fcntl.F_SETOWN, os.getpid())",
    "signals on input, by ioctl": "fcntl.ioctl(near, 0x8901, struct.pack('i', os.getpid()))",
    "watch files": "call((294, 26)[column], 0)",
    # Memory and the rest
    "memory as a file": "os.memfd_create('x')",
    "shared memory": "call((29, 194)[column], 0, 4096, 0o600)",
    "message queue": "call((68, 186)[column], 0, 0o600)",
    "semaphores": "call((64, 190)[column], 0, 1, 0o600)",
    "a pipe": "os.pipe()",
    "events": "os.eventfd(0)",
    "move pages between pipes": "call((276, 77)[column], 1, 1, 1, 0)",
    "broken pages": "call((28, 233)[column], 0, 0, 12)",
    "another filter": "call((317, 277)[column], 1, 0, bytes(16))",
    "a ruleset": "call(444, 0, 0, 1)",
}
# What the kernel refuses anyhow to most; numbers on x86_64 and aarch64, and arguments that do no harm.
REFUSED = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "vfork": (58, 220),
    "ptrace": (101, 117),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "open_tree": (428, 428),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "mq_open": (240, 180),
    "memfd_secret": (447, 447),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "rt_tgsigqueueinfo": (297, 240),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setresuid": (117, 147),
    "setgroups": (116, 159),
    "capset": (126, 91),
    "fanotify_init": (300, 262),
    "vmsplice": (278, 75),
    "splice": (275, 76),
    "sendmmsg": (307, 269),
    "connect": (42, 203),
    "accept4": (288, 242),
    "settimeofday": (170, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "sethostname": (170, 161),
    "mknodat": (259, 33),
    "sched_setattr": (314, 274),
    "timer_create": (222, 107),
    "sync": (162, 81),
    "tkill": (200, 130),
    "waitid": (247, 95),
    "a call that is not there yet": (999, 999),
}


@needs_seccomp
def test_what_a_learner_needs_works(shut_in: Callable[..., Any]) -> None:
    attempts = {
        "files": "open('new', 'w').write('x'); os.rename('new', 'old'); os.listdir(); os.stat('old'); os.remove('old')",
        "folders": "os.makedirs('a/b'); os.removedirs('a/b')",
        "copies": "import shutil; shutil.copyfile('file', 'copy')",
        "temporary files": """
import tempfile
with tempfile.TemporaryFile() as a, tempfile.NamedTemporaryFile() as b, tempfile.TemporaryDirectory() as c:
    a.write(b"x"), b.write(b"x"), open(os.path.join(c, "d"), "w").close()
""",
        "a socket that is there": "near.sendall(b'x'); assert far.recv(9) == b'x'; os.write(far.fileno(), b'y'); near.recv(1)",
        "a socket object of it": "socket.socket(fileno=os.dup(near.fileno()))",
        "printing": "print('x', file=sys.stderr, flush=True); sys.stderr.isatty()",
        "time": "time.sleep(0.001); time.time(); time.perf_counter(); time.localtime(); signal.setitimer(signal.ITIMER_REAL, 0)",
        "randomness": "import random, uuid; random.seed(); os.urandom(4); uuid.uuid4()",
        "threads": """
from concurrent.futures import ThreadPoolExecutor
assert list(ThreadPoolExecutor(4).map(abs, range(100))) == list(range(100))
""",
        "its own signals": """
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(signal.SIGUSR1)
signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
""",
        "its limits": "resource.getrlimit(resource.RLIMIT_CPU); resource.prlimit(os.getpid(), resource.RLIMIT_CPU)",
        "memory": "import mmap; m = mmap.mmap(-1, 1 << 20); m[:4] = b'text'; m.close(); bytearray(1 << 26)",
        "its own view": "os.chdir('.'); os.umask(0o022)",
        "copy": "import shutil; shutil._copyxattr('file', 'file')",
        "cores": "os.cpu_count(); os.sched_getaffinity(0); os.uname(); os.getloadavg",
        "late imports": "import wave, sqlite3, xml.dom.minidom, _decimal, unittest, asyncio",
        "collect": "import gc; gc.collect()",
        "recursion": """
def deeper(): deeper()
try: deeper()
except RecursionError: pass
""",
    }
    tried = shut_in(LOCK, attempts, BEFORE)
    assert tried.results == dict.fromkeys(attempts, "done")


@needs_seccomp
def test_what_could_reach_others_is_refused(shut_in: Callable[..., Any]) -> None:
    raw = {name: f"call({numbers}[column], 0, 0, 0, 0, 0, 0)" for name, numbers in REFUSED.items()}
    tried = shut_in(LOCK, {**ORDINARY, **raw}, BEFORE)
    allowed = {name: result for name, result in tried.results.items() if result != "EPERM"}
    assert allowed == {}
    assert len(tried.results) == len(ORDINARY) + len(REFUSED)


@needs_seccomp
def test_it_is_the_filter_that_refuses(shut_in: Callable[..., Any]) -> None:
    """Without it, none of these fails the same way: so the test above would notice a filter that lets them pass."""
    leaves = {"leave its session", "leave its process group", "attributes", "who is at the far end"}
    attempts = {name: attempt for name, attempt in ORDINARY.items() if name not in leaves}
    tried = shut_in("pass", attempts, BEFORE)
    assert [name for name, result in tried.results.items() if result == "EPERM"] == []
    assert len(tried.results) == len(attempts)


@needs_seccomp
def test_a_thread_is_not_a_way_to_a_process(shut_in: Callable[..., Any]) -> None:
    clone, sigchld = "call((56, 220)[column], {}, 0, 0, 0, 0) or os._exit(7)", 17
    attempts = {
        "as fork does": clone.format(sigchld),
        "as vfork does": clone.format(0x4100 | sigchld),
        "a thread in a new network": clone.format(0x3D0F00 | 0x40000000),
        "a thread with a flag above the 32nd bit": clone.format(0x3D0F00 | 1 << 32),
        "by clone3": "call(435, bytes(88), 88)",
    }
    tried = shut_in(LOCK, attempts, BEFORE)
    assert tried.results == {**dict.fromkeys(attempts, "EPERM"), "by clone3": "ENOSYS"}


@needs_seccomp
def test_threads_are_under_the_filter_too(shut_in: Callable[..., Any]) -> None:
    attempts = {
        "in a thread": """
from concurrent.futures import ThreadPoolExecutor
ThreadPoolExecutor(1).submit(os.fork).result()
"""
    }
    assert shut_in(LOCK, attempts, BEFORE).results == {"in a thread": "EPERM"}


@needs_seccomp
def test_abort_ends_it_as_it_should(shut_in: Callable[..., Any]) -> None:
    assert shut_in(LOCK, {"abort": "os.abort()"}, BEFORE).status == -signal.SIGABRT


@needs_seccomp
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86_64 has calls of other architectures")
def test_calls_of_other_architectures_end_the_process(shut_in: Callable[..., Any]) -> None:
    getpid_of_i386 = """
import mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""
    assert shut_in(LOCK, {"x32": "call(0x40000000 | 39)"}, BEFORE).status == -signal.SIGSYS
    # SIGSEGV: a kernel without 32-bit calls.
    assert shut_in(LOCK, {"i386": getpid_of_i386}, BEFORE).status in (-signal.SIGSYS, -signal.SIGSEGV)


@needs_seccomp
def test_a_filter_that_the_kernel_refuses_is_an_error(shut_in: Callable[..., Any]) -> None:
    lock = "seccomp._prctl_filter(seccomp._Program(0, None))"
    with pytest.raises(AssertionError, match="seccomp: Invalid argument"):
        shut_in(lock, {}, BEFORE)


LESSON = """
import numpy as np, torch, torch.nn.functional as F
from torch import nn
torch.set_num_threads(2)
assert (torch.ones(600, 600) @ torch.ones(600, 600)).sum() == 600 ** 3
for module in ("from_scratch", "with_torch"):
    exec(compile(open(f"{module}.py").read(), module, "exec"), globals())
inputs, targets = torch.rand(15, 3), torch.rand(15, 2)
w, b = torch.rand(2, 3, requires_grad=True), torch.rand(2, requires_grad=True)
train(inputs, targets, w, b, 0.01, 10)
for optimizer in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW):
    layer = nn.Linear(3, 2)
    fit(10, layer, F.mse_loss, optimizer(layer.parameters(), lr=1e-2), make_loader(inputs, targets))
assert predict(layer, (75, 63, 44)).shape == (2,)
"""


@needs_seccomp
@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock, or it is switched off")
def test_a_lesson_runs_under_both_layers(shut_in: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    for module in ("from_scratch", "with_torch"):
        text = (ROOT / "solutions" / "linear_regression" / f"{module}.py").read_text(encoding="utf-8")
        (tmp_path / "scratch" / f"{module}.py").write_text(text, encoding="utf-8")
    before = """
sys.path.pop(0)
import torch
torch.set_num_threads(1)
rules = landlock.prepare(landlock.interpreter_places())
filter = seccomp.build()
"""
    lock = """
os.environ.clear()
os.chdir("scratch")
landlock.restrict(rules, ".")
rules.close()
filter.load()
os.dup2(2, 1)
"""
    attempts = {
        "the lesson": LESSON,
        "save and load": "torch.save(torch.ones(3), 'x.pt'); torch.load('x.pt'); import numpy; numpy.save('x', numpy.ones(3))",
        "a traceback": "import traceback\ntry: torch.ones(2) @ torch.ones(3)\nexcept RuntimeError: traceback.print_exc()",
        "parts of torch that nobody imported": "import torch.distributions, torch.nn.utils.parametrizations, torch.fx",
        "harder sums": "torch.linalg.svd(torch.rand(9, 9)); torch.fft.fft(torch.rand(8)); torch.nn.Conv2d(3, 8, 3)(torch.rand(1, 3, 9, 9))",
        "numpy": "import numpy; numpy.linalg.inv(numpy.eye(9)); numpy.random.default_rng().random()",
        "a loader with processes of its own": """
from torch.utils.data import DataLoader
try: list(DataLoader(torch.ones(4), num_workers=1))
except OSError: pass
""",
    }
    tried = shut_in(lock, attempts, before)
    assert tried.results == dict.fromkeys(attempts, "done")


# The filter read as the kernel reads it, so that every number and both architectures can be tried anywhere.


def verdict(program: seccomp.Filter, machine: str, number: int, *arguments: int) -> int:
    architecture = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "i386": 0x40000003, "arm": 0x40000028}[machine]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("<HBBI", program.program))
    at, value = 0, 0
    while True:
        code, if_true, if_false, constant = steps[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("<I", data, constant)
        elif code == 0x54:
            value &= constant
        elif code == 0x06:
            return constant
        else:
            at += if_true if {0x15: value == constant, 0x35: value >= constant}[code] else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_no_number_passes_but_those_that_are_listed(machine: str) -> None:
    column, program = MACHINES.index(machine), seccomp.build(machine=machine)
    passing = {number for number in range(1200) if verdict(program, machine, number) == ALLOW}
    listed = {numbers[column] for numbers in NUMBERS.values()}
    assert passing < listed
    for name in [*REFUSED, "unlisted"]:
        number = REFUSED.get(name, (999, 999))[column]
        assert verdict(program, machine, number) == EPERM, name
    plain = {NUMBERS[name][column] for name in seccomp._PLAIN} - {None}
    assert plain <= passing


@pytest.mark.parametrize(("machine", "foreign"), [("x86_64", "i386"), ("aarch64", "arm"), ("x86_64", "aarch64")])
def test_a_foreign_architecture_is_killed_whatever_it_calls(machine: str, foreign: str) -> None:
    program = seccomp.build(machine=machine)
    assert {verdict(program, foreign, number) for number in range(500)} == {KILL}


def test_x32_is_killed_whatever_it_calls() -> None:
    program = seccomp.build(machine="x86_64")
    numbers = [0x40000000, *range(0x40000000, 0x40000300), 0x7FFFFFFF, 0xFFFFFFFF]
    assert {verdict(program, "x86_64", number) for number in numbers} == {KILL}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("openat", (0, 0, 0o1), ALLOW),
        ("openat", (0, 0, 0o1101), ALLOW),
        ("openat", (0, 0, 0o1000), EPERM),
        ("openat", (0, 0, 0o2001000), EPERM),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), EPERM),
        ("ioctl", (0, 0xC020462A), EPERM),
        ("clone", (0x3D0F00,), ALLOW),
        ("clone", (0x7D0F00,), ALLOW),
        ("clone", (0x3D0F00 | 1 << 32,), EPERM),
        ("clone", (0x11,), EPERM),
        ("clone3", (), ENOSYS),
        ("sendto", (3, 0, 9), ALLOW),
        ("sendto", (3, 0, 9, 0, 1 << 40), EPERM),
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (0, 7, 1 << 40), EPERM),
        ("prlimit64", (1, 7), EPERM),
        ("kill", (1, 9), EPERM),
        ("kill", (0xFFFFFFFFFFFFFFFF, 9), "own"),
        ("madvise", (0, 0, 4), ALLOW),
        ("madvise", (0, 0, 100), EPERM),
        ("prctl", (15,), ALLOW),
        ("prctl", (4,), EPERM),
        ("fcntl", (0, 1030), ALLOW),
        ("fcntl", (0, 8), EPERM),
    ],
)
def test_arguments_decide(machine: str, name: str, arguments: tuple[int, ...], expected: int | str) -> None:
    number = NUMBERS[name][MACHINES.index(machine)]
    assert number is not None
    program = with_pid(seccomp.build(machine=machine), 4321)
    assert verdict(program, machine, number, *arguments) == (EPERM if expected == "own" else expected)
    if name == "kill":
        assert verdict(program, machine, number, 4321, 9) == ALLOW


def with_pid(made: seccomp.Filter, pid: int) -> seccomp.Filter:
    program = bytearray(made.program)
    for place in made.pid_places:
        struct.pack_into("<I", program, place, pid)
    return seccomp.Filter(bytes(program), ())


@pytest.mark.parametrize("machine", MACHINES)
def test_devices_add_their_ioctls_and_little_else(machine: str) -> None:
    column = MACHINES.index(machine)
    plain, devices = seccomp.build(machine=machine), seccomp.build(devices=True, machine=machine)
    ioctl = NUMBERS["ioctl"][column]
    assert ioctl is not None
    for request in (0xC020462A, 0x4600, 0x17, 0x30000001, 0x5401):
        assert verdict(devices, machine, ioctl, 9, request) == ALLOW
    for request in (0x8901, 0x8902, 0x5412, 0x541C, 0x5452):  # FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX, FIOASYNC
        assert verdict(devices, machine, ioctl, 9, request) == EPERM
    more = {n for n in range(1200) if verdict(plain, machine, n) != verdict(devices, machine, n)}
    assert more == {NUMBERS[name][column] for name in [*seccomp._FOR_DEVICES, "ioctl"]} - {None}


@pytest.mark.parametrize(
    ("machine", "header"),
    [("x86_64", "x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "asm-generic/unistd.h")],
)
def test_the_numbers_are_those_of_the_kernels_headers(machine: str, header: str) -> None:
    path = Path("/usr/include") / header
    if not path.exists():
        pytest.skip(f"{path} is not installed")
    found = dict(
        re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    found.setdefault("newfstatat", found.get("fstatat", "79"))
    newer = {"mseal"}  # than some headers
    for name, numbers in NUMBERS.items():
        number = numbers[MACHINES.index(machine)]
        if name in found or (number is not None and name not in newer):
            assert str(number) == found[name], name


def test_a_machine_without_numbers_is_told_apart() -> None:
    with pytest.raises(OSError, match="riscv64"):
        seccomp.build(machine="riscv64")


def test_every_number_that_is_listed_is_used() -> None:
    assert set(NUMBERS) == set(seccomp._calls(devices=True))
