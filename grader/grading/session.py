"""A submission at work: which child answers, what is left of its limits, and what becomes of it when a child ends.

One child answers for all exercises, in order. When it ends or overruns, the exercise at work is over, and the next one
gets a fresh child.

A module is imported whole, once. One that can't be is not tried again: each exercise that needs it is then run alone,
from the definitions that it reaches, if there are any. What a notebook holds is always run like that.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from grader.core.assignment import Device, Limits
from grader.core.records import Effort
from grader.grading.budget import SHORT_SECONDS, Budget
from grader.sandbox.host.child import Child, DeviceFault, NotReady
from grader.sandbox.host.zygote_client import LACKING, Zygote
from grader.sandbox.inside.libraries import ENDS, SLOW
from grader.sandbox.protocol.encoding import decode_answer, encode_request
from grader.sandbox.protocol.frames import MalformedFrame
from grader.sandbox.protocol.messages import Begin, Call, ChildEnded, Import, Load, Raised, Reply, too_much

READY_SECONDS = LOAD_SECONDS = 60.0
_UNIMPORTABLE = "raise ImportError({!r})\n"
_OUT_OF_TIME = "\n\ndef {0}(*_, **__):\n    raise TimeoutError('{0} ran out of time')\n"


class Answer(NamedTuple):
    """What came of one call, and what was printed meanwhile."""

    outcome: Reply | Raised
    printed: str


Waiting = Callable[[], Answer]


@dataclass(eq=False)
class Pending:
    """A call that was sent, and what came of it, once that is known."""

    call: Call | None = None
    came: Answer | ChildEnded | None = None


class Session:
    """The conversation with one submission. `begin` before each exercise; `close` at the end.

    Calls are sent as soon as they are made and answered in order, so that the child works while the grader does.

    Of the exercise that was begun, `is_alone` tells whether it is run from the sources that are its own; `killed`
    whether a child was killed that the grader did not kill: by the kernel when memory was short, or by a person;
    `is_doubtful` whether the wall clock alone said that it overran.
    """

    def __init__(
        self,
        zygote: Zygote,
        sources: Mapping[str, str],
        limits: Limits,
        *,
        data: Mapping[str, bytes] | None = None,
        imports: Iterable[str] = (),
        child: Child | None = None,
    ) -> None:
        """`sources` are the whole modules, in the order in which they may import each other, and `data` the files that
        lie beside them. `imports` are the modules that they import, for libraries that have to be loaded in the
        child. The first `child` may be there already; it has run nothing."""
        self._data, self._imports = dict(data or {}), tuple(imports)
        self._lacking = zygote.lacking(self._imports)
        self._zygote = zygote
        self._whole = dict(sources)
        self._alone: dict[str, str] = {}
        self._limits = limits
        self._budget = Budget(limits)
        self._out_of_time: Mapping[str, Sequence[str]] = {}
        self._device: Device = "cpu"
        self._child = child
        self._wanted: dict[str, str] = {}  # what the exercise is run from
        self._begun: dict[str, str] | None = None  # what the child has
        self._imported: set[str] = set()
        self._failed: dict[str, Answer | ChildEnded] = {}
        self._failed_alone: dict[str, Answer | ChildEnded] = {}
        self._overran_alone: set[str] = set()
        self._under_way: deque[Pending] = deque()
        self._at_begin = self._budget.seconds, self._whole, self._failed
        self.is_alone = self.killed = self.is_doubtful = False

    def begin(
        self,
        device: Device,
        alone: Mapping[str, str] | None = None,
        *,
        whole: bool = True,
        call_seconds: float = math.inf,
        out_of_time: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Start an exercise: its time is fresh, of which no call may take more than `call_seconds`, and its child
        builds tensors on `device`.

        `alone` are the sources of this exercise by itself, for when its module can't be imported, or at once unless
        `whole`. `out_of_time` names functions by module that this exercise needs, and that ran out of time: each raises
        `TimeoutError` for it, and no call may take long.
        """
        self._at_begin = self._budget.seconds, dict(self._whole), dict(self._failed)
        self.killed = self.is_doubtful = False
        if device != self._device:
            self.end_child()
        self._device = device
        self._budget.begin_exercise(call_seconds=call_seconds, hurried=bool(out_of_time))
        self._out_of_time = out_of_time or {}
        self._alone = dict(alone or {})
        self._failed_alone = {}
        self._run_from(alone=bool(alone) and not whole)

    def start_over(self) -> None:
        """Let go of the child, and take back what the exercise that was begun cost. Raises `WorkerFault`."""
        seconds, self._whole, self._failed = self._at_begin
        self._budget.go_back_to(seconds)
        self.end_child()

    def send(self, call: Call) -> Waiting:
        """Have a call performed in the child. The function that is given waits for what came of it, and raises
        `ChildEnded` when the child couldn't go on (a later call gets a fresh one). Both raise `WorkerFault` when the
        machinery failed."""
        pending = Pending(call)
        try:
            failed = self._import(call.module)
            while self._under_way and self._begun != self._wanted:
                self._take_answer()
            if failed is None and self._budget.call_seconds <= 0:
                failed = ChildEnded(self._budget.time_over(), overran=True)
            if failed is not None:
                return partial(self._wait, Pending(call, failed))
            self._under_way.append(pending)
            self._ready_child().send(encode_request(call))
        except ChildEnded as ended:
            pending.came = self._ended(ended, self._budget.time_over())
        return partial(self._wait, pending)

    def _wait(self, pending: Pending) -> Answer:
        while pending.came is None:
            at_work = self._under_way[0]
            try:
                self._take_answer()
            except ChildEnded as ended:
                told = self._ended(ended, self._budget.time_over())
                at_work.came = ChildEnded(str(told), overran=told.overran, in_call=True)
        if isinstance(pending.came, ChildEnded):
            raise pending.came
        return pending.came

    @property
    def effort(self) -> Effort:
        """What the calls of the exercise that was begun took so far."""
        return self._budget.effort

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time of the whole submission is used up."""
        return self._budget.seconds <= 0

    @property
    def has_ended(self) -> bool:
        """Whether the child of the exercise that was begun came to an end, by itself or for want of time."""
        return self._child is None

    def end_child(self, came: Answer | None = None) -> None:
        """Let go of the child, if there is one. `came` is what came of the calls under way, if that is known."""
        if self._child is not None:
            self._zygote.end(self._without_child(self._child, came))

    def close(self) -> None:
        """Let go of the child without waiting for its end."""
        if self._child is not None:
            self._zygote.dismiss(self._without_child(self._child))

    def forget_child(self) -> None:
        """The zygote is gone, and the child with it."""
        if self._child is not None:
            self._without_child(self._child).kill()

    def _without_child(self, child: Child, came: Answer | None = None) -> Child:
        self._child = self._begun = None
        self._imported.clear()
        for pending in self._under_way:
            pending.came = came or ChildEnded("The process that ran your code was ended.")
        self._under_way.clear()
        return child

    def _run_from(self, *, alone: bool) -> None:
        """Choose what the exercise is run from."""
        self.is_alone = alone
        self._wanted = {
            name: text + "".join(map(_OUT_OF_TIME.format, self._out_of_time.get(name, ())))
            for name, text in (self._alone if alone else self._whole).items()
        }
        if self._wanted != self._begun:
            self._imported.clear()

    def _import(self, module: str) -> Answer | ChildEnded | None:
        """Have a module imported that isn't yet. Gives what went wrong, if it can't be."""
        while True:
            known = self._failed_alone if self.is_alone else self._failed
            if module not in known and module not in self._imported:
                while self._under_way:
                    self._take_answer()
                failed = self._try_to_import(module)
                if failed is not None:
                    known[module] = failed
            if module not in known or self.is_alone or module not in self._alone:
                return known.get(module)
            self._run_from(alone=True)

    def _try_to_import(self, module: str) -> Answer | ChildEnded | None:
        seconds = self._budget.import_seconds(short=self.is_alone and module in self._overran_alone)
        if self._budget.seconds <= 0:
            return ChildEnded(self._budget.time_over(), overran=True)
        child = self._ready_child()
        try:
            child.send(encode_request(Import(module)))
            answer = self._received(child, seconds)
        except ChildEnded as ended:
            slow = self._budget.slow_import(module, seconds, alone=self.is_alone)
            what = "What this exercise needs" if self.is_alone else f"{module}.py"
            lost = self._ended(ended, slow, f"{what} could not be imported. ")
            if self.is_alone and ended.overran:
                self._overran_alone.add(module)
            elif not self.is_alone:
                self._whole[module] = _UNIMPORTABLE.format(f"{module}.py could not be imported")
            return lost
        if isinstance(answer.outcome, Raised):
            return answer
        self._imported.add(module)
        return None

    def _ready_child(self) -> Child:
        """A child that has the sources that are wanted."""
        if self._child is not None and self._begun not in (None, self._wanted):
            self._begin_anew(self._child)
        if self._child is None:
            self._child = self._zygote.spawn(self._limits, self._device)
        if self._begun is None:
            child = self._child
            try:
                ready = self._begin_in(child, READY_SECONDS, self._data)
            except (ChildEnded, MalformedFrame) as error:
                end = self._zygote.end(self._without_child(child))
                raise NotReady(
                    f"a learner's process did not get ready. It ended with {end.reason()}. {error}".rstrip()
                ) from None
            if isinstance(ready, Raised):
                self.end_child()
                raise DeviceFault(f"the device {self._device} can't be used: {ready.message}")
            return child if self._load_libraries(child) else self._ready_child()
        return self._child

    def _load_libraries(self, child: Child) -> bool:
        """Have the child import the libraries that the zygote can't, on nobody's time. False when one of them took too
        long, or ended the child: another one is to do without it."""
        for name in self._zygote.loaded_by_child(self._imports):
            root = name.partition(".")[0]
            if root in self._lacking:
                continue
            try:
                child.send(encode_request(Load((name,))))
                decode_answer(child.answer(LOAD_SECONDS)[0])
            except (ChildEnded, MalformedFrame) as error:
                overran = isinstance(error, ChildEnded) and error.overran
                self._lacking[root] = LACKING[SLOW if overran else ENDS]
                self._zygote.end(self._without_child(child))
                return False
        return True

    def _begin_anew(self, child: Child) -> None:
        """Other sources for the same child. One in which that can't be done is let go: a fresh one takes its place."""
        try:
            ready = self._begin_in(child, SHORT_SECONDS, {})  # the data lie there
        except (ChildEnded, MalformedFrame):
            ready = None
        self._budget.spend(min(SHORT_SECONDS, child.spent), of_exercise=False)  # to let go of the old ones
        if not isinstance(ready, Reply):
            self.end_child()

    def _begin_in(self, child: Child, seconds: float, data: Mapping[str, bytes]) -> Reply | Raised:
        child.send(encode_request(Begin(self._wanted, self._device, data, self._lacking)))
        ready = decode_answer(child.answer(seconds)[0])
        self._begun = self._wanted
        self._imported.clear()
        return ready

    def _take_answer(self) -> None:
        """Wait for the answer to the oldest call that has none."""
        assert self._child is not None
        answer = self._received(self._child, self._budget.call_seconds, self._under_way[0].call)
        self._under_way.popleft().came = answer
        raised = answer.outcome if isinstance(answer.outcome, Raised) else None
        if raised and raised.stage == "call" and raised.type_name == "MemoryError":
            self.end_child(answer)  # what it holds would starve the other calls and the next exercise too

    def _received(self, child: Child, seconds: float, call: Call | None = None) -> Answer:
        """The next answer, to a `call` of the exercise or else to something before one. The time that it is waited for
        is taken off the limits: what the grader does meanwhile is not the learner's."""
        seconds = min(self._budget.seconds, seconds)
        size = 0
        try:
            frame, printed = child.answer(seconds)
            size = frame.size
        finally:
            # What it ran on until it was stopped costs it nothing.
            has_room = self._budget.spend(min(seconds, child.spent), size, of_exercise=call is not None)
        try:
            return Answer(decode_answer(frame, call) if has_room else too_much(size), printed)
        except MalformedFrame as error:
            raise ChildEnded(f"What came back from your code could not be read: {error}.") from None

    def _ended(self, ended: ChildEnded, overran: str, before: str = "") -> ChildEnded:
        """The same news with the reason that the zygote knows, for every call under way; the child is put away.

        `overran` is what is said when it ran over its time, `before` what comes before any other reason.
        """
        if self._child is None:  # already told
            return ended
        calls = list(self._under_way)
        end = self._zygote.end(self._without_child(self._child))
        self.killed = self.killed or (end.killed and not ended.overran and not str(ended))
        self.is_doubtful = self.is_doubtful or ended.doubtful
        why = str(ended) or end.words()
        over = ended.overran or why.endswith("CPU time.")
        told = ChildEnded(overran if ended.overran else before + why, overran=over)
        for pending in calls:
            pending.came = told
        return told


def answer_of(waiting: Waiting) -> Answer | None:
    """What came of a call; None where it came to no end, or nothing of what it needs could be defined. Raises
    `WorkerFault`."""
    try:
        answer = waiting()
    except ChildEnded:
        return None
    return None if isinstance(answer.outcome, Raised) and answer.outcome.stage == "import" else answer
