"""A learner's end of the wire, played from a script: answers early, late, twice, in pieces, or never."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from grader.core.assignment import Limits
from grader.sandbox.host.child import Child, Exit
from grader.sandbox.protocol.encoding import decode_request, encode_answer
from grader.sandbox.protocol.frames import END_OF_PRINTED, Frame, FrameReader
from grader.sandbox.protocol.messages import Call, Raised, Reply
from tests.wire.fuzzing import Fuzzer, raw

KILLED = Exit(9)


class Ends(Exception):
    """The script is over, and with it the learner's process."""


@dataclass
class Learner:
    """A thread in place of a learner's process: answers `Begin` and `Import` as it should, and calls by its script."""

    connection: socket.socket
    output: int
    script: Iterator[str]
    fuzzer: Fuzzer
    thread: threading.Thread = field(init=False)
    calls: int = 0  # that it has done with, whatever it did
    _held: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        reader = FrameReader()
        with contextlib.suppress(OSError, Ends):
            while True:
                while (frame := reader.next()) is None:
                    data = self.connection.recv(1 << 16)
                    if not data:
                        raise Ends
                    reader.data += data
                self._take(frame)
        self.connection.close()
        with contextlib.suppress(OSError):
            os.close(self.output)

    def _take(self, frame: Frame) -> None:
        request = decode_request(frame)
        if not isinstance(request, Call):
            self.send(raw(encode_answer(Reply(None))))
            return
        action = next(self.script, "right")
        ACTIONS[action](self, raw(encode_answer(Reply(request.args[0], (None,) * len(request.args)))))
        self.calls += 1

    def send(self, data: bytes) -> None:
        """Mark the end of what was printed, and send these bytes."""
        self.write(END_OF_PRINTED)
        self.connection.sendall(b"".join([*self._held, data]))
        self._held.clear()

    def write(self, data: bytes) -> None:
        """Print, as long as somebody listens."""
        with contextlib.suppress(OSError):
            os.write(self.output, data)

    def hold(self, data: bytes) -> None:
        """Keep an answer, to be glued to the next."""
        self._held.append(data)


def _dribble(learner: Learner, right: bytes) -> None:
    for number in range(len(right)):
        learner.send(right[number : number + 1])


def _flood(learner: Learner, right: bytes) -> None:
    for _ in range(40):
        learner.write((END_OF_PRINTED + b"x\xff") * 20_000)
    learner.send(right)


def _print_separators(learner: Learner, right: bytes) -> None:
    learner.write(END_OF_PRINTED * 50 + b"one\x1etwo")
    learner.send(right)


def _mute(learner: Learner, right: bytes) -> None:
    os.close(learner.output)
    learner.output = -1
    learner.send(right)


def _never(learner: Learner, _right: bytes) -> None:
    while learner.connection.recv(1 << 16):  # until the grader closes it
        pass
    raise Ends


def _late(learner: Learner, right: bytes) -> None:
    time.sleep(0.02)
    learner.send(right)


def _half(how: int) -> Callable[[Learner, bytes], None]:
    def act(learner: Learner, right: bytes) -> None:
        learner.connection.shutdown(how)
        if how == socket.SHUT_RD:
            learner.send(right)
        else:
            time.sleep(0.02)

    return act


def _truncated(learner: Learner, right: bytes) -> None:
    learner.send(right[: len(right) // 2])
    raise Ends


def _ends(_learner: Learner, _right: bytes) -> None:
    raise Ends


def _hostile(learner: Learner, _right: bytes) -> None:
    learner.send(learner.fuzzer.hostile(learner.fuzzer.chance.randrange(1 << 30)).data)


def _descriptors(learner: Learner, right: bytes) -> None:
    socket.send_fds(learner.connection, [right[:5]], [learner.connection.fileno()] * 8)
    learner.send(right[5:])


def _out_of_band(learner: Learner, right: bytes) -> None:
    with contextlib.suppress(OSError):
        learner.connection.send(b"!", socket.MSG_OOB)
    learner.send(right)


def _raises(stage: str, name: str) -> Callable[[Learner, bytes], None]:
    return lambda learner, _: learner.send(raw(encode_answer(Raised(stage, name, "no"))))


ACTIONS: dict[str, Callable[[Learner, bytes], None]] = {
    "right": Learner.send,
    "twice": lambda learner, right: learner.send(right * 2),
    "many times": lambda learner, right: learner.send(right * 50),
    "glued to the next": Learner.hold,
    "one byte at a time": _dribble,
    "late": _late,
    "never": _never,
    "hostile": _hostile,
    "truncated": _truncated,
    "ends": _ends,
    "closes its writing half": _half(socket.SHUT_WR),
    "closes its reading half": _half(socket.SHUT_RD),
    "floods": _flood,
    "prints separators": _print_separators,
    "mute": _mute,
    "sends descriptors": _descriptors,
    "sends out of band": _out_of_band,
    "leaves out an argument": lambda learner, _: learner.send(raw(encode_answer(Reply(7)))),
    "raises": _raises("call", "ValueError"),
    "out of memory": _raises("call", "MemoryError"),
    "says build": _raises("build", "RuntimeError"),
    "announces too much": lambda learner, _: learner.send(b"\xff" * 8),
    "announces more than it sends": lambda learner, right: learner.send(b"\xff\xff\x0f\0\0\0\0\0" + right),
    "bytes after it": lambda learner, right: learner.send(right + b"\0"),
}


class Zygote:
    """In place of the real one: its children are threads of this process."""

    def __init__(self, script: Iterator[str], fuzzer: Fuzzer) -> None:
        self._script = script
        self._fuzzer = fuzzer
        self._learners: dict[int, Learner] = {}

    def spawn(self, limits: Limits, _device: str) -> Child:
        """A child whose process has ended already, so that killing it kills nobody."""
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        number = len(self._learners) + 1
        self._learners[number] = Learner(theirs, their_output, self._script, self._fuzzer)
        return Child(number, os.dup(_pidfd_of_one_that_ended()), ours, output, limits.output_bytes)

    def end(self, child: Child) -> Exit:
        """Kill a child."""
        child.kill()
        return KILLED

    def dismiss(self, child: Child) -> None:
        """Kill a child."""
        child.kill()

    def lacking(self, _names: object) -> dict[str, str]:
        """Every library can be had."""
        return {}

    def loaded_by_child(self, _names: object) -> list[str]:
        """No process loads libraries by itself."""
        return []

    def wait_until_done(self, calls: int) -> None:
        """Until each process has ended, or is through with so many calls: all that it sends has arrived then."""
        for learner in self._learners.values():
            while learner.thread.is_alive() and learner.calls < calls:
                time.sleep(0.001)

    def close(self) -> bool:
        """Whether every thread has come to its end."""
        for learner in self._learners.values():
            learner.thread.join(5)
        return not any(learner.thread.is_alive() for learner in self._learners.values())


@cache
def _pidfd_of_one_that_ended() -> int:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    descriptor = os.pidfd_open(process.pid)
    process.wait()
    return descriptor


def drawn_script(chance: random.Random, length: int) -> list[str]:
    """Actions for so many calls. Few of them never answer, since each of these costs the whole limit."""
    names: list[Any] = [*ACTIONS]
    return chance.choices(names, [0.1 if name == "never" else 8 if name == "right" else 1 for name in names], k=length)
