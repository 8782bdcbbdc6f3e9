"""How a command is stopped, once in order and twice at once; and output that goes on when nobody reads it any more."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, TextIO, cast

import click
from rich.console import Console

from grader.core.sanitize import sanitized

_LONGEST = 20_000  # characters of an error; it may quote what a learner's entry is called


class _Breakable:
    """A stream that stands for another one until that breaks, and then for none."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As of any stream."""
        try:
            return self._stream.write(text)
        except OSError:
            self._give_up()
            return len(text)

    def flush(self) -> None:
        """As of any stream."""
        try:
            self._stream.flush()
        except OSError:
            self._give_up()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _give_up(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())  # what is buffered goes there, too
        os.close(nowhere)


def open_console() -> Console:
    """The console to write on."""
    return Console(highlight=False, emoji=False, file=cast(TextIO, _Breakable(sys.stdout)) if sys.stdout else None)


def say_error(text: str) -> None:
    """A sentence on standard error, if anybody is there to read it."""
    with contextlib.suppress(OSError):
        click.echo(sanitized(text, _LONGEST, lines=True), err=True)


def fill_closed_descriptors() -> None:
    """A program may be started with closed standard streams. No file of ours, and of the processes that we start, shall
    be taken for one of them."""
    with contextlib.suppress(OSError):
        while (got := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(got, True)
        os.close(got)


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody wants the command to end: with Ctrl-C, with `kill`, or by closing the terminal."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Inside, the first of these signals raises `Stopped`, and the next ends this process where it is.

    One that was ignored before (`nohup`, a job in the background) stays so.
    """
    before = {each: signal.getsignal(each) for each in _SIGNALS}
    for each, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(each, _stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def signals_deferred() -> Iterator[None]:
    """What is inside is not torn apart by a signal: it comes when this is done."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _stop(number: int, _frame: FrameType | None) -> None:
    for each in _SIGNALS:
        if signal.getsignal(each) is _stop:
            signal.signal(each, _stop_at_once)
    raise Stopped(number)


def _stop_at_once(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)  # the grading processes notice, and put away what is theirs
