"""One learner's process, seen from the grader: send requests, wait for answers within a limit, kill.

Requests may be sent ahead: the process answers them one after the other, and marks in what it prints where the answer
to one ends and the next begins.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from grader.grading.scratch_size import SECONDS_BETWEEN
from grader.wire.frames import END_OF_PRINTED, Frame, FrameReader, MalformedFrame, pack


class ChildEnded(Exception):
    """The learner's process can't go on. `overran` is true when it ran over a time limit; the text says why."""

    def __init__(self, why: str, *, overran: bool = False) -> None:
        super().__init__(why)
        self.overran = overran


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
        if os.WIFSIGNALED(self.status):
            number = os.WTERMSIG(self.status)
            if number == signal.SIGXCPU:
                return "It used up its CPU time."
            name = signal.strsignal(number) or "unknown"
            return f"The program was ended by signal {number} ({name.lower()})."
        return f"The program ended itself, with exit code {os.waitstatus_to_exitcode(self.status)}."


class Child:
    """The grader's end of a learner's process. `kill` must be called, by whoever got it from the zygote."""

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
        self._looked = 0.0
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
            raise ChildEnded(f"Its answer could not be understood: {error}.") from None
        except (ConnectionResetError, EOFError):
            raise ChildEnded("") from None

    def answer(self, seconds: float) -> tuple[Frame, str]:
        """The answer to the oldest request that has none, and what was printed up to it.

        Raises `ChildEnded` when none comes within `seconds`, when the process ends, prints too much, or answers with
        anything but a frame for each request.
        """
        try:
            frame = self._awaited(time.monotonic() + seconds)
        except MalformedFrame as error:
            raise ChildEnded(f"Its answer could not be understood: {error}.") from None
        except (ConnectionResetError, EOFError):
            raise ChildEnded("") from None
        return frame, self._printed_until_answer()

    def kill(self) -> None:
        """End the process at once and close what belonged to it."""
        with contextlib.suppress(ProcessLookupError):  # it has ended by itself
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._connection.close()
        os.close(self._output)
        os.close(self._pidfd)

    def _awaited(self, deadline: float) -> Frame:
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        while (answer := self._reader.next()) is None:
            poll.register(self._connection, select.POLLIN | (select.POLLOUT if self._unsent else 0))
            left = deadline - time.monotonic()
            if left <= 0:
                raise ChildEnded("", overran=True)
            self._look_at_scratch(SECONDS_BETWEEN)
            events = dict(poll.poll(min(left, SECONDS_BETWEEN if self._wrote_too_much else left) * 1000 + 1))
            if self._output in events and not self._take_output():
                poll.unregister(self._output)
            happened = events.get(self._connection.fileno(), 0)
            if happened & select.POLLOUT:
                self._push()
            if happened & (select.POLLIN | select.POLLHUP):
                self._receive()
        self._unanswered -= 1
        if not self._unanswered and len(self._reader):
            raise MalformedFrame("more came than was asked for")
        self._take_output()
        self._look_at_scratch()  # much can be written in a moment
        return answer

    def _look_at_scratch(self, seconds_between: float = 0.0) -> None:
        now = time.monotonic()
        if self._wrote_too_much and now - self._looked >= seconds_between:
            self._looked = now
            if self._wrote_too_much():
                raise ChildEnded("It wrote more than it may to its scratch folder.")

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
        self._reader.feed(data)
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
                raise ChildEnded(f"It printed more than {self._max_output:,} bytes.")
            self._printed += data
