"""A submission at work: which child answers, what is left of its limits, and what becomes of it when a child ends.

One child answers for all exercises, in order. When it ends or overruns, the exercise at work is over, and the next one
gets a fresh child. A module that hangs or kills its process on import is not tried again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from grader.course.model import Device, Limits
from grader.grading.child import Child, ChildEnded, DeviceFault, NotReady
from grader.grading.zygote import Zygote
from grader.wire.frames import MalformedFrame
from grader.wire.messages import (
    Begin,
    Call,
    Import,
    Raised,
    Reply,
    decode_answer,
    encode_begin,
    encode_call,
    encode_import,
)

READY_SECONDS = 60.0
_UNIMPORTABLE = "raise ImportError({!r})\n"


@dataclass(frozen=True)
class Answer:
    """What came of one call, and what was printed meanwhile."""

    outcome: Reply | Raised
    printed: str


@dataclass(eq=False)
class Pending:
    """A call that was sent: what came of it, once that is known."""

    came: Answer | ChildEnded | None = None


class Session:
    """The conversation with one submission. `begin` before each exercise; `close` at the end.

    Calls are sent as soon as they are made and answered in order, so that the child works while the grader does.
    """

    def __init__(self, zygote: Zygote, sources: Mapping[str, str], limits: Limits) -> None:
        self._zygote = zygote
        self._sources = dict(sources)
        self._limits = limits
        self._left = limits.submission_seconds
        self._exercise_left = 0.0
        self._device: Device = "cpu"
        self._child: Child | None = None
        self._imported: set[str] = set()
        self._lost: dict[str, ChildEnded] = {}
        self._under_way: deque[Pending] = deque()
        self._at_begin = self._left, self._sources, self._lost
        self.killed = False

    def begin(self, device: Device) -> None:
        """Start an exercise: its time is fresh, and its child builds tensors on `device`.

        `killed` tells from now on whether a child was killed that the grader did not kill: by the kernel when memory
        was short, or by a person.
        """
        self._at_begin = self._left, dict(self._sources), dict(self._lost)
        self.killed = False
        if device != self._device:
            self.end_child()
        self._device = device
        self._exercise_left = self._limits.exercise_seconds

    def start_over(self) -> None:
        """Let go of the child, and take back what the exercise that was begun cost. Raises `WorkerFault`."""
        self._left, self._sources, self._lost = self._at_begin
        self.end_child()

    def send(self, call: Call) -> Pending:
        """Have a call performed in the child; `wait` tells what came of it. Raises `WorkerFault`."""
        if call.module in self._lost:
            return Pending(self._lost[call.module])
        if min(self._left, self._exercise_left) <= 0:
            return Pending(ChildEnded(self._time_over(), overran=True))
        pending = Pending()
        try:
            if call.module not in self._imported:
                while self._under_way:
                    self._take_answer()
            child = self._ready_child()  # only now: an answer on the way may have ended the one that there was
            if call.module not in self._imported:
                answer = self._import(child, call.module)
                if isinstance(answer.outcome, Raised):
                    return Pending(answer)
            self._under_way.append(pending)
            child.send(encode_call(call))
        except ChildEnded as ended:
            pending.came = self._ended(ended)
        return pending

    def wait(self, pending: Pending) -> Answer:
        """What came of a call. Raises `ChildEnded` when the child couldn't go on (a later call gets a fresh one), and
        `WorkerFault` when the machinery failed."""
        while pending.came is None:
            try:
                self._take_answer()
            except ChildEnded as ended:
                self._ended(ended)
        if isinstance(pending.came, ChildEnded):
            raise pending.came
        return pending.came

    def ask(self, call: Call) -> Answer:
        """`send` and `wait`."""
        return self.wait(self.send(call))

    def end_child(self) -> None:
        """Let go of the child, if there is one."""
        if self._child is not None:
            self._zygote.end(self._without_child(self._child))

    def close(self) -> None:
        """Let go of the child without waiting for its end, and have one made for the next submission."""
        if self._child is not None:
            self._zygote.dismiss(self._without_child(self._child))
        self._zygote.prepare(self._limits, self._device)

    def forget_child(self) -> None:
        """The zygote is gone, and the child with it."""
        if self._child is not None:
            self._without_child(self._child).kill()

    def _without_child(self, child: Child) -> Child:
        self._child = None
        self._imported.clear()
        for pending in self._under_way:
            pending.came = ChildEnded("The process that was to answer was ended.")
        self._under_way.clear()
        return child

    def _ready_child(self) -> Child:
        if self._child is None:
            child = self._child = self._zygote.spawn(self._limits, self._device)
            try:
                child.send(encode_begin(Begin(self._sources, self._device)))
                ready = decode_answer(child.answer(READY_SECONDS)[0])
            except (ChildEnded, MalformedFrame) as error:
                end = self._zygote.end(self._without_child(child))
                raise NotReady(f"a learner's process did not get ready. {end.words()} {error}".rstrip()) from None
            if isinstance(ready, Raised):
                self.end_child()
                raise DeviceFault(f"the device {self._device} can't be used: {ready.message}")
        return self._child

    def _import(self, child: Child, module: str) -> Answer:
        try:
            child.send(encode_import(Import(module)))
            answer = self._received(child)
        except ChildEnded as ended:
            lost = self._lost[module] = self._ended(ended, f"{module}.py could not be imported. ")
            self._sources[module] = _UNIMPORTABLE.format(f"{module}.py could not be imported")
            raise lost from None
        self._imported.add(module)
        return answer

    def _take_answer(self) -> None:
        """Wait for the answer to the oldest call that has none."""
        assert self._child is not None
        answer = self._received(self._child)
        self._under_way.popleft().came = answer
        raised = answer.outcome if isinstance(answer.outcome, Raised) else None
        if raised and raised.stage == "call" and raised.type_name == "MemoryError":
            self.end_child()  # what it holds would starve the next exercise too

    def _received(self, child: Child) -> Answer:
        """The next answer. The time that it is waited for is taken off the limits: what the grader does meanwhile,
        such as working out what is right, is not the learner's."""
        started = time.monotonic()
        try:
            frame, printed = child.answer(min(self._left, self._exercise_left))
            return Answer(decode_answer(frame), printed)
        except MalformedFrame as error:
            raise ChildEnded(f"Its answer could not be understood: {error}.") from None
        finally:
            spent = time.monotonic() - started
            self._left -= spent
            self._exercise_left -= spent

    def _ended(self, ended: ChildEnded, before: str = "") -> ChildEnded:
        """The same news with the reason that the zygote knows, for every call under way; the child is put away."""
        if self._child is None:  # already told
            return ended
        calls = list(self._under_way)
        end = self._zygote.end(self._without_child(self._child))
        self.killed = self.killed or (end.killed and not ended.overran and not str(ended))
        why = self._time_over() if ended.overran else str(ended) or end.words()
        cpu = why.endswith("CPU time.")
        told = ChildEnded(before + why, overran=ended.overran or cpu)
        for pending in calls:
            pending.came = told
        return told

    def _time_over(self) -> str:
        if self._left <= 0:
            return f"The whole submission may run for {self._limits.submission_seconds:g} seconds, and they were over."
        return f"An exercise may run for {self._limits.exercise_seconds:g} seconds, and they were over."
