"""A limit on how long one call may run: the same on Linux, macOS and Windows.

A thread waits and then makes Python call our handler of SIGINT in the main thread, where the handler raises
`TookTooLong`. A real Ctrl-C goes through the same handler and is passed on as ever. Code that catches even that, or is
busy in one endless operation of a library, can't be stopped from within: `give_up` is called.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

REPEAT_SECONDS = 0.2
ATTEMPTS = 12


class TookTooLong(BaseException):
    """The call ran into the limit. No `Exception`, so that a learner's `except Exception` doesn't hide it."""


class TimeLimit:
    """`seconds` for each `with limit.running():`; 0 for no limit."""

    def __init__(self, seconds: float, give_up: Callable[[], object]) -> None:
        self.seconds = seconds
        self._give_up = give_up
        self._running = False
        self._sent = False
        self._over = threading.Event()
        self._previous: Callable[[int, FrameType | None], object] = _ignore

    def suspend(self) -> None:
        """No limit for the call that is running: a person debugs it."""
        self._over.set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Raise `TookTooLong` in this thread when the block runs longer than the limit."""
        if not self.seconds or threading.current_thread() is not threading.main_thread():
            yield  # only the main thread can be interrupted
            return
        handler = signal.getsignal(signal.SIGINT)
        ignored = handler is signal.SIG_IGN  # by a shell, for a job in the background: then Ctrl-C isn't meant for us
        self._previous = handler if callable(handler) else _ignore if ignored else signal.default_int_handler
        self._over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(self._over,), name="time limit", daemon=True)
        try:
            self._running = True
            signal.signal(signal.SIGINT, self._interrupted)
            watch.start()  # on a busy machine it may take so long that the time is up already
            yield
        finally:
            try:
                self._running = False
            finally:  # an interruption that comes just now finds it false the second time
                self._running = False
                self._put_back(watch, handler)

    def _put_back(self, watch: threading.Thread, handler: object) -> None:
        self._over.set()
        if watch.ident is not None:
            watch.join()
        deadline = time.monotonic() + 1
        while self._sent and time.monotonic() < deadline:
            time.sleep(0.001)  # a signal is on its way: our handler must be the one to take it
        signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]

    def _watch(self, over: threading.Event) -> None:
        wait = self.seconds
        for _ in range(ATTEMPTS):
            if over.wait(wait):
                return
            self._sent = True
            if not self._running:
                self._sent = False
                return
            _interrupt()
            wait = REPEAT_SECONDS
        if not over.wait(wait) and self._running:
            self._give_up()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if not self._sent:
            self._previous(number, frame)  # a person pressed Ctrl-C
            return
        self._sent = False
        if self._running:
            raise TookTooLong


def _ignore(number: int, frame: FrameType | None) -> None:
    pass


def _interrupt() -> None:
    """SIGINT for the main thread, such that it also ends a sleep."""
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
