"""The runs of `pytest exercises --watch`: copies of the watch's process, or new ones where processes aren't copied.

What a run does before its first check takes about as long as the checks, and hardly depends on what a learner writes.
So while nothing is saved, the next run is prepared: a copy that has come as far as the first check waits there. All
that it knows of the learner's files is which lessons are begun, and that is asked again when it goes on.
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

from grader.selfcheck.fast_exit import ORDINARY_ENDS, leave
from grader.selfcheck.time_limits import can_be_asked, copy_of_this_process

# The exit code of a prepared run that is of no use: the same is to be run from its beginning.
OUTDATED = 75
_LISTED = "SELFCHECK_LISTED"  # in the environment of a run: whether it is to list all exercises
# In a prepared run that waits: where it is told to go on, and who takes Ctrl-C from then on.
_waits: tuple[int, Any] | None = None


class Runs:
    """One run at a time, with pytest's `arguments`. `ahead` says that it shows nothing before its first check, so that
    the next one can be prepared."""

    def __init__(self, arguments: Sequence[str], ahead: bool) -> None:
        self._arguments = arguments
        self._ahead = ahead and can_be_asked()
        self._running: _Run | None = None
        self._prepared: _Copy | None = None
        self._listed = False
        self._is_first_try = False

    @property
    def is_at_work(self) -> bool:
        """Whether a run is going on."""
        return self._running is not None

    def begin(self, listed: bool) -> None:
        """Begin a run, which is to list all exercises or not."""
        self._listed = listed
        prepared, self._prepared = self._prepared, None
        self._is_first_try = prepared is not None and prepared.go(listed)
        self._running = prepared if self._is_first_try else self._started()

    def is_over(self) -> bool:
        """Whether a run was going on and has come to its end. After an ordinary one, the next is prepared; one that was
        prepared, and was of no use or was killed, is run from its beginning."""
        code = self._running.poll() if self._running else None
        if code is None:
            return False
        self._running = self._started() if self._is_first_try and (code == OUTDATED or code < 0) else None
        self._is_first_try = False
        if code in ORDINARY_ENDS and self._ahead:
            self._prepared = _Copy(self._arguments, waits=True)
        return self._running is None

    def end(self) -> None:
        """End the run that is going on."""
        if self._running:
            self._running.kill()
        self._running = None

    def forget_prepared(self) -> None:
        """End the run that is prepared: it has read something that is different now."""
        if self._prepared:
            self._prepared.kill()
        self._prepared = None

    def _started(self) -> _Run:
        os.environ[_LISTED] = "1" if self._listed else ""
        if can_be_asked():
            return _Copy(self._arguments)
        return subprocess.Popen([sys.executable, "-m", "pytest", *self._arguments])


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


class _Run(Protocol):
    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


class _Copy:
    """A copy of this process, in which the checks run; with `waits` only once they may `go`."""

    def __init__(self, arguments: Sequence[str], *, waits: bool = False) -> None:
        sys.stdout.flush()
        told, self._tells = os.pipe() if waits else (-1, -1)
        self._child = copy_of_this_process()
        if self._child == 0:
            code = int(pytest.ExitCode.INTERNAL_ERROR)
            try:
                if waits:
                    _prepare(told, self._tells)
                code = int(pytest.main(list(arguments)))
            finally:
                leave(OUTDATED if _waits else code)
        if waits:
            os.close(told)

    def go(self, listed: bool) -> bool:
        """Let it run the checks now. Whether it was still there."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._tells, b"a" if listed else b" ")
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
        if self._tells >= 0:
            os.close(self._tells)
            self._tells = -1


def _prepare(told: int, tells: int) -> None:
    """In the copy: this is a prepared run, and Ctrl-C isn't meant for it yet."""
    global _waits
    os.close(tells)
    _waits = told, signal.signal(signal.SIGINT, signal.SIG_IGN)
