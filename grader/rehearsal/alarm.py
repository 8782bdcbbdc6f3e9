"""A limit on how long one call may run that costs microseconds, for a process that makes thousands of calls.

`grader.selfcheck.time_limit` starts a thread for each call, which costs more than most calls do; here the kernel's
interval timer interrupts. It counts CPU time, so that no verdict depends on how busy the machine is. Where there is
none (Windows), the other one is used.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from grader.selfcheck.time_limit import TimeLimit, TookTooLong

REPEAT_SECONDS = 0.2
ATTEMPTS = 12
GAVE_UP = 70  # the exit status of a process that can't stop what runs in it


class Alarm:
    """Raises `TookTooLong` out of a `with alarm.running():` that computes longer than `seconds`; 0 for no limit.

    Code that goes on all the same, by catching everything or in one endless operation of a library, can't be stopped
    from within: the process ends with the status `GAVE_UP`.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._rung = 0
        self._running = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """The limit holds within. Only the main thread can be interrupted; in another there is no limit."""
        if not self.seconds or threading.current_thread() is not threading.main_thread():
            yield
            return
        if not hasattr(signal, "setitimer"):
            with TimeLimit(self.seconds, _give_up).running():
                yield
            return
        before = signal.signal(signal.SIGPROF, self._ring)
        self._rung, self._running = 0, True
        signal.setitimer(signal.ITIMER_PROF, self.seconds, REPEAT_SECONDS)
        try:
            yield
        finally:
            try:
                self._running = False
            finally:  # an interruption that comes just now finds it false the second time
                self._running = False
                signal.setitimer(signal.ITIMER_PROF, 0)
                signal.signal(signal.SIGPROF, before)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        self._rung += 1
        if self._rung > ATTEMPTS:
            _give_up()
        if self._running:
            raise TookTooLong


def _give_up() -> None:
    os._exit(GAVE_UP)
