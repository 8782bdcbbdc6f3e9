"""Standard output that may break: `| head`, a closed terminal, a full disk. The work goes on, and is said to nobody."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, TextIO, cast

import click
from rich.console import Console

from grader.inert import inert

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
        click.echo(inert(text, _LONGEST, lines=True), err=True)


def fill_closed_descriptors() -> None:
    """A program may be started with closed standard streams. No file of ours, and of the processes that we start, shall
    be taken for one of them."""
    with contextlib.suppress(OSError):
        while (got := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(got, True)
        os.close(got)
