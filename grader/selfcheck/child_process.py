"""A question that is answered in a process of its own, which is ended when it takes too long.

The process is a copy of this one, so that all that is loaded is there at once. What it does shows nowhere: it holds no
terminal, no file and no pipe of ours but the one for its answer, and it ends without the end of a program.

Its time is the time that it could have run: the time in which it waits for a processor doesn't count, so that a busy
machine hears the same answers.
"""

from __future__ import annotations

import faulthandler
import gc
import math
import os
import selectors
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_LONGEST = 4000  # bytes of an answer
_MORE_MEMORY = 1 << 30  # bytes beyond those of this process
# A copy of a process works on Linux. macOS has no promise for it: its own libraries may crash in one, and say so in a
# window.
_COPIES_WORK_ON = "linux"
_PATIENCE = 6  # nobody waits longer than this many times the limit, however busy the machine is


def can_be_asked() -> bool:
    """Whether a copy of this process can be made, and nobody watches this one."""
    return (
        sys.platform == _COPIES_WORK_ON and hasattr(os, "fork") and sys.gettrace() is None and sys.getprofile() is None
    )


def answer_of_a_child(work: Callable[[], str], seconds: float) -> str | None:
    """What `work` gives in a process of its own; None when it gave nothing in time, or whatever went wrong there."""
    if not can_be_asked():
        return None
    try:
        ours, theirs = os.pipe()
    except OSError:
        return None
    child = None
    try:
        child = copy_of_this_process()
        if child == 0:
            _answer(work, theirs, seconds * _PATIENCE)
        os.close(theirs)
        return _received(ours, child, seconds)
    except (OSError, Warning, RuntimeError, KeyboardInterrupt):  # Ctrl-C ends the wait
        return None
    finally:
        _end(child)
        os.close(ours)
        if child is None:
            os.close(theirs)


def copy_of_this_process() -> int:
    """The process id of the copy; 0 in the copy itself. Raises `OSError`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other threads of a notebook may hold a lock: the time limit is there for that
        return os.fork()


def _received(ours: int, child: int, seconds: float) -> str | None:
    """The answer, when all of it came in time."""
    answer = b""
    begun = time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(ours, selectors.EVENT_READ)
        while True:
            limit = min(seconds + _waited_for_a_processor(child), seconds * _PATIENCE)
            left = begun + limit - time.monotonic()
            if left <= 0:
                break
            if not selector.select(left):
                continue
            chunk = os.read(ours, _LONGEST)
            if not chunk:
                return answer.decode("utf-8", "replace") or None
            answer += chunk
            if len(answer) > _LONGEST:
                break
    return None


def _waited_for_a_processor(child: int) -> float:
    """Seconds; 0 where the kernel doesn't tell."""
    try:
        with open(f"/proc/{child}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _end(child: int | None) -> None:
    if child:
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
        with suppress(OSError):
            os.waitpid(child, 0)


def _answer(work: Callable[[], str], theirs: int, seconds: float) -> NoReturn:
    """In the child: give the answer, and end. Nothing leads back from here."""
    try:
        _cut_off(theirs)
        _limit(math.ceil(seconds) + 1)
        os.write(theirs, work().encode("utf-8", "replace"))
    except BaseException:
        pass  # nobody is there to be told: no answer says it
    finally:
        os._exit(0)


def _cut_off(kept: int) -> None:
    """Let go of all files but one; what is read and printed is nobody's."""
    signal.set_wakeup_fd(-1)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(each, signal.SIG_IGN if each is signal.SIGINT else signal.SIG_DFL)
    faulthandler.disable()
    gc.disable()  # what is gone in here is not to be tidied up
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    for number in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if number > 2 and number != kept:
            with suppress(OSError):
                os.close(number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stderr = os.fdopen(1, "w", encoding="utf-8", closefd=False)


def _limit(seconds: int) -> None:
    """It ends by itself should this process be gone; it can write no file, and not fill the memory."""
    signal.alarm(seconds)
    import resource  # not there on Windows

    for which in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(which, (0, 0))
    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    for which, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, now + _MORE_MEMORY)):
        _, hard = resource.getrlimit(which)
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
