"""A submission at work: which child answers, what is left of its limits, and what becomes of it when a child ends.

One child answers for all exercises, in order. When it ends or overruns, the exercise at work is over, and the next one
gets a fresh child. A module that hangs or kills its process on import is not tried again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from grader.course.model import Device, Limits
from grader.grading.child import Child, ChildEnded, DeviceFault, WorkerFault
from grader.grading.zygote import Zygote
from grader.wire.frames import Frame, MalformedFrame
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

_UNIMPORTABLE = "raise ImportError({!r})\n"


@dataclass(frozen=True)
class Answer:
    """What came of one call, and what was printed meanwhile."""

    outcome: Reply | Raised
    printed: str


class Session:
    """The conversation with one submission. `begin` before each exercise; `close` at the end."""

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

    def begin(self, device: Device) -> None:
        """Start an exercise: its time is fresh, and its child builds tensors on `device`."""
        if device != self._device:
            self.end_child()
        self._device = device
        self._exercise_left = self._limits.exercise_seconds

    def ask(self, call: Call) -> Answer:
        """Perform a call in the child. Raises `ChildEnded` when the child can't go on (then a later call gets a fresh
        one) and `WorkerFault` when the machinery failed."""
        if call.module in self._lost:
            raise self._lost[call.module]
        try:
            child = self._ready_child()
            if call.module not in self._imported:
                outcome = self._import(child, call.module)
                if isinstance(outcome, Raised):
                    return Answer(outcome, child.printed())
            outcome = self._exchange(child, encode_call(call))
            if isinstance(outcome, Raised) and outcome.stage == "call" and outcome.type_name == "MemoryError":
                printed = child.printed()
                self.end_child()  # what it holds would starve the next exercise too
                return Answer(outcome, printed)
            return Answer(outcome, child.printed())
        except ChildEnded as ended:
            raise self._ended(ended) from None

    def end_child(self) -> None:
        """Let go of the child, if there is one."""
        if self._child is not None:
            child, self._child = self._child, None
            self._imported.clear()
            self._zygote.end(child)

    def forget_child(self) -> None:
        """The zygote is gone, and the child with it."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        self._imported.clear()

    def _ready_child(self) -> Child:
        if self._child is None:
            self._child = self._zygote.spawn(self._limits, self._device)
            ready = self._exchange(self._child, encode_begin(Begin(self._sources, self._device)), machinery=True)
            if isinstance(ready, Raised):
                self.end_child()
                raise DeviceFault(f"the device {self._device} can't be used: {ready.message}")
        return self._child

    def _import(self, child: Child, module: str) -> Reply | Raised:
        try:
            outcome = self._exchange(child, encode_import(Import(module)))
        except ChildEnded as ended:
            lost = self._lost[module] = self._ended(ended, f"{module}.py could not be imported. ")
            self._sources[module] = _UNIMPORTABLE.format(f"{module}.py could not be imported")
            raise lost from None
        self._imported.add(module)
        return outcome

    def _exchange(self, child: Child, request: Frame, *, machinery: bool = False) -> Reply | Raised:
        seconds = 60.0 if machinery else min(self._left, self._exercise_left)
        started = time.monotonic()
        try:
            if seconds <= 0:
                raise ChildEnded("", overran=True)
            return decode_answer(child.ask(request, seconds))
        except MalformedFrame as error:
            raise ChildEnded(f"Its answer could not be understood: {error}.") from None
        except ChildEnded as ended:
            if machinery:
                raise WorkerFault(f"a child did not get ready: {ended}") from None
            raise
        finally:
            if not machinery:
                spent = time.monotonic() - started
                self._left -= spent
                self._exercise_left -= spent

    def _ended(self, ended: ChildEnded, before: str = "") -> ChildEnded:
        """The same news with the reason that the zygote knows, after the child was put away."""
        if self._child is None:  # already told
            return ended
        child, self._child = self._child, None
        self._imported.clear()
        end = self._zygote.end(child)
        limits = self._limits
        if ended.overran and self._left <= 0:
            why = f"The whole submission may run for {limits.submission_seconds:g} seconds, and they were over."
        elif ended.overran:
            why = f"An exercise may run for {limits.exercise_seconds:g} seconds, and they were over."
        else:
            why = str(ended) or end.words()
        cpu = why.endswith("CPU time.")
        return ChildEnded(before + why, overran=ended.overran or cpu)
