"""Limits on how long something may take: a question answered in a process of its own, and a call in this one.

The process of its own is a copy of this one, so that all that is loaded is there at once. What it does shows nowhere:
it holds no terminal, no file and no pipe of ours but the one for its answer, and it ends without the end of a program.
Its time is the time that it could have run: the time in which it waits for a processor doesn't count, so that a busy
machine hears the same answers.

In this process, on Linux, macOS and Windows alike, a thread waits and then makes Python call our handler of SIGINT in
the main thread, where the handler raises `TookTooLong`. A real Ctrl-C goes through the same handler and is passed on as
ever. Code that catches even that, or is busy in one endless operation of a library, can't be stopped from within:
`give_up` is called. One thread waits for all calls, since to start one takes longer than most calls do. All have the
same time, so that it is never too late when it looks for the next call only once the one before it would have had its
time.

No library is interrupted while it is imported. `torch.optim` imports torch's compiler when the first optimizer is made,
which takes seconds on a slow machine or disk, and once that was broken off, no later import of it works in the same
process. The call has its whole time again when the import is over.
"""

from __future__ import annotations

import faulthandler
import gc
import math
import os
import selectors
import signal
import sys
import sysconfig
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
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


REPEAT_SECONDS = 0.2
ATTEMPTS = 12
# How Python's own code for imports calls itself, and where what is installed lies.
_IMPORTS = "<frozen importlib._bootstrap>"
_INSTALLED_IN = {"site-packages", "dist-packages"}
_PYTHONS_OWN = Path(sysconfig.get_path("stdlib"))


class TookTooLong(BaseException):
    """The call ran into the limit. No `Exception`, so that a learner's `except Exception` doesn't hide it."""


@dataclass(eq=False)
class _Limited:
    """One call, and when its time is over."""

    until: float
    more: TimeForImports
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
            self._call = _Limited(time.monotonic() + self.seconds, TimeForImports(self.seconds))
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
        until = call.until  # another one, once more time was granted
        for _ in range(ATTEMPTS):
            with self._lock:
                if self._call is not call:
                    return
                self._sent = True
                _interrupt()
            if self._end.wait(REPEAT_SECONDS) or self._call is not call or call.until != until:
                return
        self._give_up()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if not self._sent:
            self._previous(number, frame)  # a person pressed Ctrl-C
            return
        self._sent = False
        call = self._call
        if call and (seconds := call.more.granted(frame)):
            call.until = time.monotonic() + seconds
        elif call:
            raise TookTooLong


class TimeForImports:
    """What a call of `seconds` is granted beyond them, because libraries were imported in it. An import without end
    gets `_PATIENCE` times as many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waited = 0.0
        self._waits = False

    def granted(self, frame: FrameType | None) -> float:
        """Seconds from now on, asked when a call has had its time and is in `frame`; 0 for none."""
        if self._waited < _PATIENCE * self._seconds and _imports_a_library(frame):
            self._waits = True
            self._waited += REPEAT_SECONDS
            return REPEAT_SECONDS
        waits, self._waits = self._waits, False
        return self._seconds if waits else 0.0


def _imports_a_library(frame: FrameType | None) -> bool:
    """Whether what runs in `frame` was called by an `import` of an installed module."""
    while frame:
        if frame.f_code.co_filename == _IMPORTS and frame.f_code.co_name == "_load_unlocked":
            origin = Path(getattr(frame.f_locals.get("spec"), "origin", None) or "")
            if _PYTHONS_OWN in origin.parents or not _INSTALLED_IN.isdisjoint(origin.parts):
                return True
        frame = frame.f_back
    return False


def _ignore(number: int, frame: FrameType | None) -> None:
    pass


def _interrupt() -> None:
    """SIGINT for the main thread, such that it also ends a sleep."""
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
