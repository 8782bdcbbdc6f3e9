"""One learner's process, seen from the grader: send requests, wait for answers within a limit, kill.

Requests may be sent ahead: the process answers them one after the other, and marks in what it prints where the answer
to one ends and the next begins.

Its time is the larger of two: the CPU time of all its threads, those that have ended included; and the wall time in
which it was waited for, less the time in which its main thread waited for a processor. So a busy machine costs nobody
anything, a program that sleeps is stopped like one that computes, and threads buy no time.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.protocol.frames import BROKE_OFF, END_OF_PRINTED, Frame, FrameReader, MalformedFrame, pack
from grader.sandbox.protocol.messages import ChildEnded

_SHORTEST, _SECONDS_BETWEEN = 0.01, 0.25  # between two looks at the clock, and at the scratch space


def longest_wait(seconds: float) -> float:
    """The seconds of wall time after which a process that may run for `seconds` is ended whatever its clock says."""
    return 12 * seconds + 60


class WorkerFault(Exception):
    """The machinery failed, through no fault of the learner."""


class NotReady(WorkerFault):
    """A learner's process ended before anything of the learner's was in it: it could not be shut in, or was killed."""


class DeviceFault(WorkerFault):
    """The device that was asked for can't be used, though it could when the batch began."""


@dataclass(frozen=True)
class Exit:
    """How a child ended, as the zygote saw it."""

    status: int

    @property
    def killed(self) -> bool:
        """Whether it was SIGKILL."""
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    def words(self) -> str:
        """A sentence for the learner."""
        if os.WIFEXITED(self.status) and os.WEXITSTATUS(self.status) == BROKE_OFF:
            return (
                "The program that runs your code broke off. If your code replaces what is Python's or torch's own, "
                "such as isinstance or torch.Tensor, leave that as it is."
            )
        if os.WIFEXITED(self.status):
            return (
                f"Your code ended the whole program ({self.reason()}). If it calls exit(), quit(), sys.exit() or "
                "os._exit(), remove the call, and return the result instead."
            )
        if os.WTERMSIG(self.status) == signal.SIGXCPU:
            return "Your code used up its CPU time."
        return f"The program that ran your code was ended by {self.reason()}."

    def reason(self) -> str:
        """The exit code or the signal, for whoever runs the grading."""
        if os.WIFEXITED(self.status):
            return f"exit code {os.WEXITSTATUS(self.status)}"
        number = os.WTERMSIG(self.status)
        return f"signal {number} ({(signal.strsignal(number) or 'unknown').lower()})"


class Child:
    """The grader's end of a learner's process. `kill` must be called, by whoever got it from the zygote.

    `spent` is what the last `answer` cost, in seconds that the process could have run.
    """

    def __init__(
        self,
        pid: int,
        pidfd: int,
        connection: socket.socket,
        output: int,
        max_output: int,
        wrote_too_much: Callable[[], bool] | None = None,
    ) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._connection = connection
        self._output = output
        self._room = max_output
        self._max_output = max_output
        self._wrote_too_much = wrote_too_much
        self._clock = Clock(pidfd)
        self.spent = 0.0
        self._reader = FrameReader()
        self._unsent = bytearray()
        self._unanswered = 0
        self._printed = bytearray()
        connection.setblocking(False)
        os.set_blocking(output, False)

    def send(self, request: Frame) -> None:
        """Send a request, as much of it as goes without waiting.

        Raises `ChildEnded` when something came before it was asked for, or the process ended with nothing to answer.
        One that ended with answers on the way is found out by `answer`: what it answered before counts.
        """
        try:
            if not self._unanswered and self._receive():
                raise MalformedFrame("it came before anything was asked")
            self._unsent += pack(request)
            self._unanswered += 1
            self._push()
        except MalformedFrame as error:
            raise ChildEnded(f"What came back from your code could not be read: {error}.") from None
        except (ConnectionResetError, EOFError):
            raise ChildEnded("") from None

    def answer(self, seconds: float) -> tuple[Frame, str]:
        """The answer to the oldest request that has none, and what was printed up to it.

        Raises `ChildEnded` when none comes within `seconds` that the process could have run, when it ends, prints too
        much, or answers with anything but a frame for each request.
        """
        self._clock.start()
        try:
            frame = self._awaited(seconds)
        except MalformedFrame as error:
            raise ChildEnded(f"What came back from your code could not be read: {error}.") from None
        except (ConnectionResetError, EOFError):
            raise ChildEnded("") from None
        finally:
            self.spent = self._clock.stop()
        return frame, self._printed_until_answer()

    def kill(self) -> None:
        """End the process at once and close what belonged to it."""
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._connection.close()
        os.close(self._output)
        os.close(self._pidfd)
        self._clock.close()

    def _awaited(self, seconds: float) -> Frame:
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        next_look = min(seconds, _SECONDS_BETWEEN)
        while (answer := self._reader.next() if self._reader.data else None) is None:
            poll.register(self._connection, select.POLLIN | (select.POLLOUT if self._unsent else 0))
            if self._clock.wall() >= next_look:
                left = self._look_at_limits(seconds)
                next_look = self._clock.wall() + max(_SHORTEST, min(left, _SECONDS_BETWEEN))
            events = dict(poll.poll(max(0.0, next_look - self._clock.wall()) * 1000 + 1))
            if self._output in events and not self._take_output():
                poll.unregister(self._output)
            happened = events.get(self._connection.fileno(), 0)
            if happened & select.POLLOUT:
                self._push()
            if happened & (select.POLLIN | select.POLLHUP):
                self._receive()
        self._unanswered -= 1
        if not self._unanswered and self._reader.data:
            raise MalformedFrame("more came than was asked for")
        self._take_output()
        self._look_at_scratch()  # much can be written in a moment
        return answer

    def _look_at_limits(self, seconds: float) -> float:
        """The seconds that are left of these."""
        left = seconds - self._clock.seconds()
        if left <= 0:
            raise ChildEnded("", overran=True, doubtful=not self._clock.is_sure(seconds))
        if self._clock.wall() > longest_wait(seconds):
            raise ChildEnded("", overran=True, doubtful=True)
        self._look_at_scratch()
        return left

    def _look_at_scratch(self) -> None:
        if self._wrote_too_much and self._wrote_too_much():
            raise ChildEnded("Your code wrote more to its folder than the limit allows.")

    def _push(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self._connection.send(self._unsent)]
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self._unsent.clear()  # nobody reads it; whoever waits for an answer finds out, after those that came

    def _printed_until_answer(self) -> str:
        end = self._printed.find(END_OF_PRINTED)
        text = bytes(self._printed if end < 0 else self._printed[:end])
        del self._printed[: len(text) + len(END_OF_PRINTED)]
        return text.decode("utf-8", "replace")

    def _receive(self) -> bool:
        """Take in what has arrived; false when nothing has. Raises `EOFError` at the end."""
        try:
            data = self._connection.recv(1 << 18)
        except BlockingIOError:
            return False
        if not data:
            raise EOFError
        self._reader.data += data
        return True

    def _take_output(self) -> bool:
        """Take in what was printed; false at its end. Whatever was printed before an answer is there by then."""
        while True:
            try:
                data = os.read(self._output, 1 << 16)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._room -= len(data)
            if self._room < 0:
                raise ChildEnded(f"Your code printed more than {self._max_output:,} bytes, the limit.")
            self._printed += data


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
