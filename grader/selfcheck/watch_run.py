"""The runs of `pytest exercises --watch`: copies of the watch's process, or new ones where processes aren't copied.

What a run does before its first check takes as long as the checks, and hardly depends on what a learner writes. So
while nothing is saved, the next run is prepared: a copy that has come as far as the first check waits there for a save.
It has read nothing of the learner's but which lessons are begun, and asks that again when it goes on.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Protocol

import pytest

from grader.selfcheck.fast_exit import leave
from grader.selfcheck.time_limits import can_be_asked, copy_of_this_process

# The exit code of a prepared run that is of no use: the same is to be run from its beginning.
OUTDATED = 75
_LISTED = "SELFCHECK_LISTED"  # in the environment of a run: whether it is to list all exercises
# In a prepared run that waits: where it is told to go on, and who takes Ctrl-C from then on.
_waits: tuple[int, Any] | None = None


class WatchRun(Protocol):
    """A run that was started."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""

    def kill(self) -> None:
        """End it."""


class Copy:
    """A copy of this process, in which the checks run; with `waits` only once they may `go`."""

    def __init__(self, arguments: Sequence[str], *, waits: bool = False) -> None:
        sys.stdout.flush()
        reads, self._go = os.pipe() if waits else (-1, -1)
        self._child = copy_of_this_process()
        if self._child == 0:
            code = int(pytest.ExitCode.INTERNAL_ERROR)
            try:
                if waits:
                    _prepare(reads, self._go)
                code = int(pytest.main(list(arguments)))
            finally:
                leave(OUTDATED if _waits else code)
        if waits:
            os.close(reads)

    def go(self, listed: bool) -> bool:
        """Let it run the checks now. Whether it was still waiting."""
        try:
            os.write(self._go, b"a" if listed else b" ")
        except BrokenPipeError:
            return False
        return self.poll() is None

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        ended, status = os.waitpid(self._child, os.WNOHANG)
        if ended:
            self._let_go()
        return os.waitstatus_to_exitcode(status) if ended else None

    def kill(self) -> None:
        """End it."""
        self._let_go()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._child, 0)

    def _let_go(self) -> None:
        if self._go >= 0:
            os.close(self._go)
            self._go = -1


def started(arguments: Sequence[str], listed: bool) -> WatchRun:
    """A run from its beginning."""
    os.environ[_LISTED] = "1" if listed else ""
    if can_be_asked():
        return Copy(arguments)
    return subprocess.Popen([sys.executable, "-m", "pytest", *arguments])


def prepared(arguments: Sequence[str]) -> Copy | None:
    """A run that waits before its first check; None where processes aren't copied."""
    return Copy(arguments, waits=True) if can_be_asked() else None


def end(run: WatchRun | None) -> None:
    """End a run, if there is one."""
    if run:
        run.kill()


def lists_all() -> bool:
    """Whether this run of a watch is to list all exercises."""
    return bool(os.environ[_LISTED])


def wait_for_a_save() -> bool:
    """In a prepared run, return when it may go on; in any other at once. Whether this is a prepared one."""
    global _waits
    if not _waits:
        return False
    gc.collect()
    gc.freeze()  # what is there need not be tidied up while the checks run
    told, handler = _waits
    word = os.read(told, 1)
    if not word:  # the watch is gone
        leave(OUTDATED)
    os.environ[_LISTED] = word.decode().strip()
    signal.signal(signal.SIGINT, handler)
    os.close(told)
    _waits = None
    return True


def _prepare(told: int, tells: int) -> None:
    """In the copy: this is a prepared run, and Ctrl-C isn't meant for it yet."""
    global _waits
    os.close(tells)
    _waits = told, signal.signal(signal.SIGINT, signal.SIG_IGN)
