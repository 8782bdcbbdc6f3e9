"""A limit on how long one call may run: the same on Linux, macOS and Windows.

A thread waits and then makes Python call our handler of SIGINT in the main thread, where the handler raises
`TookTooLong`. A real Ctrl-C goes through the same handler and is passed on as ever. Code that catches even that, or is
busy in one endless operation of a library, can't be stopped from within: `give_up` is called.

One thread waits for all calls, since to start one takes longer than most calls do. All have the same time, so that it
is never too late when it looks for the next call only once the one before it would have had its time.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

REPEAT_SECONDS = 0.2
ATTEMPTS = 12


class TookTooLong(BaseException):
    """The call ran into the limit. No `Exception`, so that a learner's `except Exception` doesn't hide it."""


@dataclass(eq=False)
class _Limited:
    """One call, and when its time is over."""

    until: float
    suspended: bool = False


class TimeLimit:
    """`seconds` for each `with limit.running():`; 0 for no limit."""

    def __init__(self, seconds: float, give_up: Callable[[], object]) -> None:
        self.seconds = seconds
        self._give_up = give_up
        self._call: _Limited | None = None  # the one that runs
        self._sent = False
        self._lock = threading.Lock()  # held while a signal is sent, and while the thread decides to end
        self._thread: threading.Thread | None = None
        self._end = threading.Event()
        self._previous: Callable[[int, FrameType | None], object] = _ignore

    def suspend(self) -> None:
        """No limit for the call that is running: a person debugs it."""
        if self._call:
            self._call.suspended = True

    def end(self) -> None:
        """No call comes any more: the thread ends."""
        self._end.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Raise `TookTooLong` in this thread when the block runs longer than the limit."""
        if not self.seconds or threading.current_thread() is not threading.main_thread():
            yield  # only the main thread can be interrupted
            return
        handler = signal.getsignal(signal.SIGINT)
        ignored = handler is signal.SIG_IGN  # by a shell, for a job in the background: then Ctrl-C isn't meant for us
        self._previous = handler if callable(handler) else _ignore if ignored else signal.default_int_handler
        try:
            signal.signal(signal.SIGINT, self._interrupted)
            self._call = _Limited(time.monotonic() + self.seconds)
            self._begin()  # on a busy machine it may take so long that the time is up already
            yield
        finally:
            try:
                self._call = None
            finally:  # an interruption that comes just now finds none the second time
                self._call = None
                self._put_back(handler)

    def _begin(self) -> None:
        """Start the thread, where there is none."""
        with self._lock:
            thread = None if self._thread else threading.Thread(target=self._watch, name="time limit", daemon=True)
            self._thread = self._thread or thread
        if thread:
            thread.start()

    def _put_back(self, handler: object) -> None:
        with self._lock:  # whoever was about to send a signal has sent it
            pass
        deadline = time.monotonic() + 1
        while self._sent and time.monotonic() < deadline:
            time.sleep(0.001)  # a signal is on its way: our handler must be the one to take it
        signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]

    def _watch(self) -> None:
        while call := self._next():
            if self._end.wait(max(0.0, call.until - time.monotonic())):
                return
            if not call.suspended:
                self._stop(call)

    def _next(self) -> _Limited | None:
        """The call to wait for. Where none runs, or a person debugs it, the thread ends: the next call starts one."""
        with self._lock:
            call = self._call
            if call is None or call.suspended:
                self._thread = None
                return None
            return call

    def _stop(self, call: _Limited) -> None:
        for _ in range(ATTEMPTS):
            with self._lock:
                if self._call is not call:
                    return
                self._sent = True
                _interrupt()
            if self._end.wait(REPEAT_SECONDS) or self._call is not call:
                return
        self._give_up()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if not self._sent:
            self._previous(number, frame)  # a person pressed Ctrl-C
            return
        self._sent = False
        if self._call:
            raise TookTooLong


def _ignore(number: int, frame: FrameType | None) -> None:
    pass


def _interrupt() -> None:
    """SIGINT for the main thread, such that it also ends a sleep."""
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
