"""Landlock in real processes: what a learner needs is there, and what belongs to others is not."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.inside import landlock

ABI = landlock.abi()
needs_landlock = pytest.mark.skipif(not ABI, reason="this kernel has no Landlock, or it is switched off")

BEFORE = """
rules = landlock.prepare([*landlock.interpreter_places(), "library"])
"""
LOCK = """
os.chdir("scratch")
landlock.restrict(rules, ".")
rules.close()
"""


def needs_abi(version: int) -> pytest.MarkDecorator:
    return pytest.mark.skipif(version > ABI, reason=f"this kernel's Landlock is older than ABI {version}")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a scratch folder in it, and what is none of a learner's business beside that."""
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "own").write_text("own")
    (tmp_path / "secret").write_text("expected: 42")
    (tmp_path / "folder").mkdir()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "book").write_text("text")
    return tmp_path


@needs_landlock
def test_what_a_learner_needs_works(place: Path, shut_in: Callable[..., Any]) -> None:
    attempts = {
        "write": "open('notes', 'w').write('x' * 1000)",
        "read": "assert len(open('notes').read()) == 1000",
        "append": "open('notes', 'a').write('y')",
        "cut": "open('notes', 'w').close(); os.truncate('notes', 0)",
        "list": "assert os.listdir() == ['notes', 'own'] or os.listdir() == ['own', 'notes']",
        "rename": "os.rename('notes', 'renamed')",
        "folders": "os.makedirs('a/b'); open('a/b/c', 'w').close(); os.remove('a/b/c'); os.removedirs('a/b')",
        "tidy up": "os.remove('renamed')",
        "temporary files": """
import tempfile
tempfile.tempdir = "."
with tempfile.TemporaryFile() as a, tempfile.NamedTemporaryFile() as b, tempfile.TemporaryDirectory() as c:
    a.write(b"x"), b.write(b"x"), open(os.path.join(c, "d"), "w").close()
""",
        "throw away": "open(os.devnull, 'w').write('x')",
        "randomness": "open('/dev/urandom', 'rb').read(4), os.urandom(4)",
        "cores": "os.cpu_count(); os.listdir('/sys/devices/system/cpu')",
        "a late import": "import wave, xml.dom.minidom, zoneinfo",
        "a late import with a library of its own": "import _decimal, _elementtree, _ctypes_test",
        "time zones": "import time; time.tzset(); time.localtime()",
        "its own signals": "os.kill(os.getpid(), 0)",
        "threads": "import threading; t = threading.Thread(target=print); t.start(); t.join()",
    }
    tried = shut_in(LOCK, attempts, BEFORE)
    assert tried.results == dict.fromkeys(attempts, "done")


@needs_landlock
def test_files_of_others_can_not_be_opened_or_changed(place: Path, shut_in: Callable[..., Any]) -> None:
    attempts = {
        "read": "open('../secret').read()",
        "read it by another way": f"open({str(place)!r} + '/scratch/../secret').read()",
        "read in a thread": """
from concurrent.futures import ThreadPoolExecutor
ThreadPoolExecutor(1).submit(open, '../secret').result()
""",
        "list": "os.listdir('..')",
        "list the root": "os.listdir('/')",
        "list other processes": "os.listdir('/proc')",
        "read a process's start": "open('/proc/self/cmdline').read()",
        "read its parent's memory": "open(f'/proc/{os.getppid()}/maps').read()",
        "read who uses this machine": "open('/etc/passwd').read()",
        "write": "open('../secret', 'a')",
        "empty": "os.truncate('../secret', 0)",
        "make": "open('../new', 'w')",
        "make a folder": "os.mkdir('../new')",
        "delete": "os.remove('../secret')",
        "delete a folder": "os.rmdir('../folder')",
        "leave something in shared memory": "open('/dev/shm/grader-test', 'w')",
        "leave something in /tmp": "open('/tmp/grader-test', 'w')",
        "write to the interpreter": "open(os.__file__, 'r+')",
        "use a terminal": "open('/dev/ptmx', 'r+b', 0)",
    }
    if ABI < 3:
        del attempts["empty"]
    tried = shut_in(LOCK, attempts, BEFORE)
    assert tried.results == dict.fromkeys(attempts, "EACCES")
    assert (place / "secret").read_text() == "expected: 42"
    assert sorted(each.name for each in place.iterdir()) == ["folder", "library", "scratch", "secret"]


@needs_landlock
def test_a_folder_that_can_be_read_can_not_be_changed(place: Path, shut_in: Callable[..., Any]) -> None:
    attempts = {
        "make": "os.open('../library/new', os.O_CREAT | os.O_RDONLY)",
        "make a folder": "os.mkdir('../library/new')",
        "delete": "os.remove('../library/book')",
        "rename": "os.rename('../library/book', '../library/new')",
        "write": "open('../library/book', 'r+')",
        "empty": "os.open('../library/book', os.O_RDONLY | os.O_TRUNC)",
    }
    if ABI < 3:
        del attempts["empty"]
    tried = shut_in(LOCK, {"read": "assert open('../library/book').read() == 'text'"} | attempts, BEFORE)
    assert tried.results == {"read": "done"} | dict.fromkeys(attempts, "EACCES")
    assert [each.name for each in (place / "library").iterdir()] == ["book"]


@needs_landlock
def test_nothing_but_files_and_folders_can_be_made(place: Path, shut_in: Callable[..., Any]) -> None:
    attempts = {
        "a link to elsewhere": "os.symlink('/etc/passwd', 'link')",
        "a pipe": "os.mkfifo('pipe')",
        "a device": "import stat; os.mknod('device', 0o600 | stat.S_IFCHR, os.makedev(1, 3))",
        "a socket": "import socket; socket.socket(socket.AF_UNIX).bind('socket')",
    }
    tried = shut_in(LOCK, attempts, BEFORE)
    assert tried.results == dict.fromkeys(attempts, "EACCES")


@needs_landlock
def test_files_can_not_be_moved_or_linked_into_or_out_of_the_scratch_folder(
    place: Path, shut_in: Callable[..., Any]
) -> None:
    attempts = {
        "in": "os.rename('../secret', 'mine')",
        "out": "os.rename('own', '../folder/own')",
        "a second name": "os.link('../secret', 'mine')",
        "between its own folders": "os.mkdir('inner'); os.rename('own', 'inner/own')",
    }
    tried = shut_in(LOCK, attempts, BEFORE)
    assert set(tried.results.values()) <= {"EXDEV", "EACCES"}
    assert sorted(each.name for each in place.rglob("*")) == [
        "book",
        "folder",
        "inner",
        "library",
        "own",
        "scratch",
        "secret",
    ]


def smallest_program() -> bytes:
    """An executable that needs no other file and ends well."""
    number, code = {"x86_64": (62, "31ffb83c0000000f05"), "aarch64": (183, "000080d2a80b80d2010000d4")}[
        os.uname().machine
    ]
    start, size = 0x400000, 120 + len(code) // 2
    head = struct.pack(
        "<4s5B7xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 0, 0, 2, number, 1, start + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0
    )
    return head + struct.pack("<IIQQQQQQ", 1, 5, 0, start, start, size, size, 4096) + bytes.fromhex(code)


@needs_landlock
def test_nothing_can_be_executed_not_even_the_interpreter(place: Path, shut_in: Callable[..., Any]) -> None:
    for name, content in (("script", b"#!/bin/sh\n"), ("program", smallest_program())):
        (place / "scratch" / name).write_bytes(content)
        (place / "scratch" / name).chmod(0o700)
    subprocess.run([place / "scratch" / "program"], check=True)
    attempts = {
        "its own script": "os.execv('./script', ['script'])",
        "its own program": "os.execv('./program', ['program'])",
        "the interpreter": "os.execv(sys.executable, ['python', '-c', ''])",
        "a system's program": "os.execv('/bin/true', ['true'])",
        "the loader": "os.execv(loader, ['ld', '/bin/true'])",
        "in a process": "os.posix_spawn('/bin/true', ['true'], {})",
    }
    before = BEFORE + "import glob; loader = (glob.glob('/lib*/ld-linux*') + ['/bin/true'])[0]"
    tried = shut_in(LOCK, attempts, before)
    assert tried.results == dict.fromkeys(attempts, "EACCES")


@needs_landlock
def test_a_child_sees_nothing_of_an_earlier_childs_scratch_folder(place: Path, shut_in: Callable[..., Any]) -> None:
    before = (
        BEFORE
        + 'os.mkdir("earlier"); children({"x": "open(\'x\', \'w\')"}, \'landlock.restrict(rules, "earlier"); os.chdir("earlier")\')'
    )
    attempts = {"open": "open('../earlier/x')", "list": "os.listdir('../earlier')"}
    assert shut_in(LOCK, attempts, before).results == dict.fromkeys(attempts, "EACCES")
    assert (place / "earlier" / "x").exists()


@needs_landlock
def test_what_was_open_before_stays_usable(place: Path, shut_in: Callable[..., Any]) -> None:
    before = BEFORE + 'held = open("secret"); import socket; near, far = socket.socketpair()'
    attempts = {"file": "assert held.read() == 'expected: 42'", "socket": "near.sendall(b'x'); far.recv(1)"}
    assert shut_in(LOCK, attempts, before).results == dict.fromkeys(attempts, "done")


@needs_abi(4)
def test_no_tcp_connection_can_be_made_or_taken(place: Path, shut_in: Callable[..., Any]) -> None:
    before = BEFORE + "import socket; server = socket.create_server(('127.0.0.1', 0)); port = server.getsockname()[1]"
    attempts = {
        "connect": "socket.create_connection(('127.0.0.1', port), 5)",
        "listen": "socket.create_server(('127.0.0.1', 0))",
    }
    assert shut_in(LOCK, attempts, before).results == dict.fromkeys(attempts, "EACCES")


@needs_abi(6)
def test_processes_and_sockets_outside_are_out_of_reach(place: Path, shut_in: Callable[..., Any]) -> None:
    before = (
        BEFORE
        + "import socket; server = socket.socket(socket.AF_UNIX); server.bind(f'\\0{os.getpid()}'); server.listen()"
    )
    attempts = {
        "signal": "os.kill(os.getppid(), 0)",
        "connect": "socket.socket(socket.AF_UNIX).connect(f'\\0{os.getppid()}')",
    }
    assert shut_in(LOCK, attempts, before).results == dict.fromkeys(attempts, "EPERM")


@needs_landlock
def test_a_device_can_be_used_only_when_it_was_named(place: Path, shut_in: Callable[..., Any]) -> None:
    number_of_terminal = 0x80045430
    before = "rules = landlock.prepare(landlock.interpreter_places(), {}, ['/dev/ptmx', '/dev/pts', '/dev/none'])"
    attempts = {
        "use": f"import fcntl; fcntl.ioctl(os.open('/dev/ptmx', os.O_RDWR), {number_of_terminal}, bytes(4))",
        "read what CUDA reads": "open('/proc/self/status').read()",
        "others": "open('../secret')",
    }
    tried = shut_in(LOCK, attempts, before.format("[]"))
    assert tried.results == {"use": "done", "read what CUDA reads": "done", "others": "EACCES"}


@needs_abi(5)
def test_a_device_that_may_be_written_to_can_not_be_controlled(place: Path, shut_in: Callable[..., Any]) -> None:
    before = "rules = landlock.prepare(landlock.interpreter_places(), ['/dev/ptmx', '/dev/pts'])"
    attempts = {
        "open": "terminal = os.open('/dev/ptmx', os.O_RDWR)",
        "control": "import fcntl; fcntl.ioctl(os.open('/dev/ptmx', os.O_RDWR), 0x80045430, bytes(4))",
    }
    assert shut_in(LOCK, attempts, before).results == {"open": "done", "control": "EACCES"}


@pytest.mark.parametrize("version", range(1, ABI + 1))
def test_every_older_abi_still_closes_files(version: int, place: Path, shut_in: Callable[..., Any]) -> None:
    before = f"landlock.abi = lambda: {version}" + BEFORE
    attempts = {
        "own": "open('own', 'w').write('x'); open('own').read(); os.remove('own')",
        "import": "import wave, _decimal",
        "read": "open('../secret')",
        "make": "open('../new', 'w')",
        "execute": "os.execv('/bin/true', ['true'])",
    }
    tried = shut_in(LOCK, attempts, before)
    assert tried.results == {"own": "done", "import": "done", "read": "EACCES", "make": "EACCES", "execute": "EACCES"}


def test_all_rights_that_an_abi_knows_are_taken_away() -> None:
    # As the kernel's documentation lists them: REFER is bit 13 (ABI 2), TRUNCATE 14 (3), IOCTL_DEV 15 (5),
    # RESOLVE_UNIX 16 (9); TCP has bits 0 and 1 (4), UDP 2 and 3 (10); scopes are 0 and 1 (6).
    known = {
        1: (0x1FFF, 0, 0),
        2: (0x3FFF, 0, 0),
        3: (0x7FFF, 0, 0),
        4: (0x7FFF, 3, 0),
        5: (0xFFFF, 3, 0),
        6: (0xFFFF, 3, 3),
        8: (0xFFFF, 3, 3),
        9: (0x1FFFF, 3, 3),
        10: (0x1FFFF, 15, 3),
        99: (0x1FFFF, 15, 3),
    }
    assert {version: landlock.handled(version) for version in known} == known


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_kernel_without_landlock_is_told_apart(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(landlock, "_call", refuse)
    assert landlock.abi() == 0
    with pytest.raises(OSError, match="no Landlock"):
        landlock.prepare([])


@needs_landlock
def test_a_scratch_folder_that_is_missing_is_an_error(place: Path, shut_in: Callable[..., Any]) -> None:
    lock = "try:\n    landlock.restrict(rules, 'nowhere')\nexcept FileNotFoundError:\n    pass"
    tried = shut_in(lock, {"nothing is restricted": "open('secret')"}, BEFORE)
    assert tried.results == {"nothing is restricted": "done"}


def test_the_course_is_not_among_the_places_that_can_be_read() -> None:
    root = Path(__file__).resolve().parent.parent.parent
    for place in landlock.interpreter_places():
        assert not root.is_relative_to(Path(place).resolve()), place
