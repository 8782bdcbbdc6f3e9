"""Numbers of unprivileged users for children, when grading runs as root: one each, used by nobody else.

A grading process reserves a block of numbers, and gives each child the next. Numbers come back only after a whole
round, and not while a process of theirs lives.
"""

from __future__ import annotations

import errno
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import grader
from grader.core.errors import GradingError

# Nothing gives these out: neither adduser (below 60000), nor systemd (all below 1879048192), nor subordinate ids. The
# second range is for containers whose users end at 65536; systemd's list of users calls it unused as well.
_RANGES = ((1_879_048_192, 4_000, 1 << 16), (60_578, 9, 64))  # first, blocks, numbers in a block
_KIT = Path(grader.__file__).resolve().parent.parent
_TRY = """\
import importlib.util, sys
sys.path.insert(0, sys.argv[1])
from grader.sandbox.inside.confine import become
become(int(sys.argv[2]))
sys.path_importer_cache.clear()
importlib.invalidate_caches()
open(importlib.util.find_spec("colorsys").origin).close()
open(importlib.util.find_spec("torch").origin).close()
print("changed")
"""
_SECONDS = 60


class Users:
    """A block of numbers, reserved until `close` or the end of this process."""

    def __init__(self) -> None:
        """Raises `GradingError` when there are none: not root, or a container with few users."""
        if os.geteuid() != 0:
            raise GradingError("Only root can give learners' processes users of their own.")
        for first, size in _blocks():
            if reserved := _reserve(first):
                self._reserved = reserved
                self._numbers = range(first, first + size)
                self._taken = 0
                return
        raise GradingError("No user numbers are free for learners' processes: this container has too few of them.")

    def next(self) -> int:
        """A number for one child. Raises `GradingError` when every one still has a live process."""
        for _ in self._numbers:
            number = self._numbers[self._taken % len(self._numbers)]
            again = self._taken >= len(self._numbers)
            self._taken += 1
            if not (again and has_processes(number)):
                return number
        raise GradingError("Every user number for learners' processes is in use.")

    def close(self) -> None:
        """Others may have the numbers."""
        self._reserved.close()


def has_processes(user: int) -> bool:
    """Does any process run as this user? (It takes milliseconds: every process is looked at.)"""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:  # it has ended
            continue
        if any(line.startswith("Uid:") and str(user) in line.split()[1:] for line in lines):
            return True
    return False


def unavailable_reason(sandbox: Sequence[str] = ()) -> str:
    """Why children can't have users of their own, and what to do; empty when they can.

    Tried in a process that is thrown away; `sandbox` is what its command line starts with (see `bubblewrap.wrap`).
    """
    try:
        users = Users()
    except GradingError as error:
        return f"{error} Learners' processes stay apart by the other layers."
    number = str(users.next())
    try:
        tried = subprocess.run(
            [*sandbox, sys.executable, "-I", "-B", "-c", _TRY, str(_KIT), number],
            env={},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"The change of user could not be tried: {error}. Grade as an ordinary user instead of root."
    finally:
        users.close()
    if tried.stdout == "changed\n":
        return ""
    last = (tried.stderr.strip().splitlines() or ["it ended without a message"])[-1]
    return (
        f"After a change of user, Python can't be used ({last.rstrip('.')}). "
        f"Other users can't reach {sys.executable} or torch: install bubblewrap, or Python outside of root's home."
    )


def _blocks() -> Iterator[tuple[int, int]]:
    """First number and size of each block whose numbers all exist here, as users and as groups."""
    maps = [_mapped("uid"), _mapped("gid")]
    for first, count, size in _RANGES:
        for start in itertools.islice(itertools.count(first, size), count):
            if all(any(start in part and start + size - 1 in part for part in parts) for parts in maps):
                yield start, size


def _mapped(kind: str) -> list[range]:
    lines = Path(f"/proc/self/{kind}_map").read_text().splitlines()
    parts = [(int(line.split()[0]), int(line.split()[2])) for line in lines]
    return [range(first, first + length) for first, length in parts]


def _reserve(first: int) -> socket.socket | None:
    """An abstract address can be bound once on a machine, and the kernel frees it when its process ends."""
    reserved = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        reserved.bind(f"\0grader-users-{first}")
    except OSError as error:
        reserved.close()
        if error.errno != errno.EADDRINUSE:
            raise
        return None
    return reserved
