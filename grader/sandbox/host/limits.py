"""The limits of a learner's process: what is left of them, what is said when nothing is, and what it has used.

Its time is the larger of two: the CPU time of all its threads, those that have ended included; and the wall time in
which it was waited for, less the time in which its main thread waited for a processor. So a busy machine costs nobody
anything, a program that sleeps is stopped like one that computes, and threads buy no time.

Its scratch space is looked at from outside while it is waited for, and at each answer: what it writes between two looks
is over the limit by as much, and earns nothing.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import re
import time
from pathlib import Path

from grader.core.assignment import Limits
from grader.core.records import Effort
from grader.sandbox.protocol.messages import EXERCISE_BYTES, SUBMISSION_BYTES

# What is given where the learner's code has used up its time once already: far more than right work takes.
SHORT_SECONDS = 1.0


class Budget:
    """What is left for a submission, and for the exercise at work."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.seconds = limits.submission_seconds
        self._bytes = SUBMISSION_BYTES
        self.begin_exercise()

    def begin_exercise(self, *, call_seconds: float = math.inf, hurried: bool = False) -> None:
        """A fresh exercise, none of whose calls may take longer than `call_seconds`. A `hurried` one needs another that
        ran out of time: its calls may take less still."""
        self._hurried = hurried
        self._longest_call = min(call_seconds, SHORT_SECONDS) if hurried else call_seconds
        self._exercise_seconds = self._limits.exercise_seconds
        self._exercise_bytes = EXERCISE_BYTES
        self._nearest = 0.0

    @property
    def call_seconds(self) -> float:
        """How long the next call may take; none is left when it isn't above 0."""
        return min(self.seconds, self._exercise_seconds, self._longest_call)

    def import_seconds(self, *, short: bool) -> float:
        """How long one module may take to be imported, by itself."""
        return min(self._limits.import_seconds, SHORT_SECONDS) if short else self._limits.import_seconds

    def spend(self, seconds: float, *, of_exercise: bool) -> None:
        """Take off what was used."""
        self.seconds -= seconds
        if of_exercise:
            self._exercise_seconds -= seconds
            of_all = 1 - self._exercise_seconds / self._limits.exercise_seconds
            self._nearest = max(self._nearest, seconds / self._longest_call, of_all)

    @property
    def effort(self) -> Effort:
        """What the exercise at work took so far."""
        seconds = self._limits.exercise_seconds - self._exercise_seconds
        return Effort(round(seconds, 4), round(min(1.0, self._nearest), 4))

    def holds(self, size: int) -> bool:
        """Take off the bytes of an answer. Whether there was room for it."""
        self._bytes -= size
        self._exercise_bytes -= size
        return min(self._bytes, self._exercise_bytes) >= 0

    def time_over(self) -> str:
        """What a learner is told whose call ran past its limit."""
        if self.seconds <= 0:
            return f"Your exercises together ran past the {_limit(self._limits.submission_seconds)} for a submission."
        if self._exercise_seconds <= 0:
            return f"This exercise ran past its {_limit(self._limits.exercise_seconds)}."
        if self._hurried:
            return (
                "This exercise needs another one, which ran out of time. So each call had a "
                f"{_limit(self._longest_call)}, and ran past it."
            )
        return f"One call ran past the {_limit(self._longest_call)} for a call."

    def slow_import(self, module: str, seconds: float, *, alone: bool) -> str:
        """What a learner is told whose module took longer than this to import; `alone`, whose exercise did."""
        if self.seconds <= 0:
            return self.time_over()
        if alone:
            return (
                f"Defining what this exercise needs took longer than the {_limit(seconds)}. Move slow code into "
                "functions."
            )
        return (
            f"Importing {module}.py took longer than the {_limit(seconds)}. Move slow code, such as training and "
            'plots, out of the top level of the file: into functions, or below `if __name__ == "__main__":`.'
        )


def _limit(seconds: float) -> str:
    return f"{seconds:.3g}-second limit"


# Where the kernel doesn't tell how long a process waited, this share of the wall time counts.
_UNTOLD = 0.25
_CPU_OF_A_PROCESS = 2  # the kernel's CPUCLOCK_SCHED


class Clock:
    """Measures one process, from one `start` to the next. Costs some microseconds, so that each wait can be measured.

    CPU time counts from the last `stop` on: what the process did before it was waited for is its own time, too.
    """

    def __init__(self, pidfd: int) -> None:
        pid = _pid(pidfd)
        self._cpu_clock = ~pid << 3 | _CPU_OF_A_PROCESS if pid > 0 else None
        self._schedstat = -1
        if pid > 0 and _kernel_tells_of_waiting():
            with contextlib.suppress(OSError):
                self._schedstat = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        has_ended = pid < 0
        self._share = 1.0 if has_ended or self._schedstat >= 0 else _UNTOLD
        self._cpu_before = self._waited_before = self._started = 0.0

    def start(self) -> None:
        """The process is waited for from now on."""
        # The time first: what it waits for a processor between the two must not be taken off a time without it.
        self._started = time.monotonic()
        self._waited_before = self._waited()

    def stop(self) -> float:
        """It is waited for no longer. Gives the seconds that it could have run."""
        seconds = self.seconds()
        self._cpu_before = self._cpu()
        return seconds

    def seconds(self) -> float:
        """The seconds that it could have run until now."""
        waiting = self._waited() - self._waited_before
        return max(self._cpu() - self._cpu_before, (self.wall() - waiting) * self._share)

    def is_sure(self, seconds: float) -> bool:
        """Whether it could certainly have run for so long, and no busy machine is taken for the process."""
        return self._share == 1.0 or self._cpu() - self._cpu_before >= seconds

    def wall(self) -> float:
        """The seconds of wall time since the last `start`."""
        return time.monotonic() - self._started

    def close(self) -> None:
        """Let go of the process."""
        if self._schedstat >= 0:
            os.close(self._schedstat)
            self._schedstat = -1

    def _cpu(self) -> float:
        try:  # as `utime` and `stime` of /proc/PID/stat together, but to the nanosecond
            return time.clock_gettime(self._cpu_clock) if self._cpu_clock is not None else 0.0
        except OSError:  # it has ended, or the kernel doesn't tell
            return self._cpu_before

    def _waited(self) -> float:
        try:
            return int(os.pread(self._schedstat, 100, 0).split()[1]) / 1e9 if self._schedstat >= 0 else 0.0
        except OSError:  # it has ended
            return self._waited_before


def _pid(pidfd: int) -> int:
    """The process's number as it is seen here: it has another one in a namespace of its own. Below 0 once it is gone,
    0 when it can't be seen from here."""
    try:
        told = Path(f"/proc/self/fdinfo/{pidfd}").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pid:\s*(-?\d+)$", told, re.MULTILINE)
    return int(found[1]) if found else 0


@functools.cache
def _kernel_tells_of_waiting() -> bool:
    """This process has certainly run: where that is said to have taken no time, nothing is told."""
    try:
        return any(map(int, Path("/proc/self/schedstat").read_text().split()))
    except (OSError, ValueError):
        return False


SECONDS_BETWEEN = 0.25
_MOST_FILES = 10_000


def is_over(space: Path, limit: int) -> bool:
    """Whether the files below hold more than `limit` bytes, or there are too many, or they can't be counted."""
    waiting, files, size = [str(space)], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_size
                    if files > _MOST_FILES or size > limit:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # removed meanwhile
            continue
        except OSError:  # closed to us, or deeper than a path can be
            return True
    return False
