"""When a grading process ends: with its main process, tidily, whatever happened to that one."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker
from types import FrameType

_PR_SET_PDEATHSIG = 1
# What a terminal sends to all that runs in it. It is meant for the main process, which ends the others.
_OF_THE_TERMINAL = {signal.SIGINT, signal.SIGHUP}


@contextlib.contextmanager
def deaf_to_the_terminal() -> Iterator[None]:
    """A process that is started inside is not ended by the terminal before it can look after itself."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_THE_TERMINAL)
    try:
        # Would be started together with the first process, and let SIGINT through again on the way.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, _OF_THE_TERMINAL)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def end_with_parent() -> None:
    """From now on SIGTERM, or the end of the parent process, raises `KeyboardInterrupt` here, which hidden checks and
    pytest let through, so that all is put away on the way out.

    Ctrl-C, Ctrl-Z and a closed terminal don't reach this process any more: it has a session of its own.
    """
    os.setsid()
    for each in _OF_THE_TERMINAL:
        signal.signal(each, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _OF_THE_TERMINAL)
    signal.signal(signal.SIGTERM, _leave)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if is_alone():  # it ended before the request was made
        raise KeyboardInterrupt


def end_undisturbed() -> None:
    """It is ending already: nothing may cut short how it puts things away."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def is_alone() -> bool:
    """Has the parent process ended?"""
    parent = multiprocessing.parent_process()
    return parent is not None and os.getppid() != parent.pid


def _leave(_number: int, _frame: FrameType | None) -> None:
    end_undisturbed()
    raise KeyboardInterrupt
