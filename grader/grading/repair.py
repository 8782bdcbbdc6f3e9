"""Repair: one small edit of the learner's own code that makes all of a failed exercise right tells where its fault is.

Edited code is learner code, and runs where that runs. How many edits are tried is counted, so that a busy machine finds
what a quiet one finds; what the time limit cuts short finds nothing. In the session that this takes, one text follows
the other by the hundred, and nothing is waited for that need not be: other sources are sent as calls are, and the first
call imports a module, within its own time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from grader.checks import Draw, Function, Student
from grader.checks.marks import FindingScope
from grader.checks.observed import CallRecord
from grader.checks.scoring import CheckOutcome
from grader.checks.student import derive
from grader.core.assignment import Device, Exercise
from grader.core.records import CheckStatus
from grader.grading.behaviour import Compared
from grader.grading.budget import SHORT_SECONDS
from grader.grading.collected_checks import CollectedChecks
from grader.grading.remote import RemoteTransport
from grader.grading.session import Pending, Session, Waiting, answer_of
from grader.grading.submission import Submission
from grader.reading.edits import Edit, applied, the_place
from grader.reading.module_text import ModuleSource
from grader.sandbox.host.child import WorkerFault
from grader.sandbox.protocol.encoding import encode_request
from grader.sandbox.protocol.messages import Begin, Call, ChildEnded, Reply


@dataclass(eq=False)
class _Sent(Pending):
    """A call, and what it is run from; without a call, that alone."""

    sources: dict[str, str] | None = None


class SearchSession(Session):
    """A session whose calls may be of several texts, all under way at once."""

    def afresh(self) -> None:
        """The next call finds its module as if nothing had been called before. To be called when none is under way."""
        if self._child is not None:
            self._begun = {}

    def send(self, call: Call) -> Waiting:
        """Have a call performed in the child, from what was begun last. Raises `WorkerFault`."""
        if self._budget.call_seconds <= 0:
            return partial(self._wait, Pending(call, ChildEnded(self._budget.time_over(), overran=True)))
        pending = _Sent(call, sources=self._wanted)
        try:
            self._dispatch(pending, call)
        except ChildEnded as ended:
            pending.came = self._ended(ended, self._budget.time_over())
        return partial(self._wait, pending)

    def _dispatch(self, pending: _Sent, call: Call) -> None:
        if self._child is not None and self._begun not in (None, self._wanted):
            self._begun = self._wanted
            self._under_way.append(_Sent())
            self._child.send(encode_request(Begin(self._wanted, self._device, {}, self._lacking)))
        child = self._ready_child()
        self._under_way.append(pending)
        child.send(encode_request(call))

    def _take_answer(self) -> None:
        """Wait for the answer to the oldest call that has none. A child that can't be given other sources is let go,
        and what is under way is sent to a fresh one."""
        assert self._child is not None
        if _sent(self._under_way[0]).call is not None:
            super()._take_answer()
            return
        try:
            ready = self._received(self._child, SHORT_SECONDS).outcome
        except ChildEnded:
            ready = None
        if isinstance(ready, Reply):
            self._under_way.popleft()
            return
        lost, wanted = [_sent(each) for each in self._under_way], self._wanted
        self.end_child()
        for each in lost:
            if each.call is not None and each.sources is not None:
                each.came, self._wanted = None, each.sources
                self._dispatch(each, each.call)
        self._wanted = wanted


def _sent(pending: Pending) -> _Sent:
    """All that this session sends is of this kind."""
    assert isinstance(pending, _Sent)
    return pending


# An edit counts when everything passes with each of these.
_SEEDS = ("first", "second")
_OF_ENDED = 15  # edits that could be tried in the time that one takes whose call never ends
# How long a call of an edited function may take: so many times what the reference takes for all checks of its exercise.
_OF_REFERENCE, _LEAST_SECONDS = 5, 0.25


@dataclass(frozen=True)
class Failed:
    """A failed exercise, as it was run: from these modules, with the `first` of its checks that failed, and all that
    was `asked`, on a `device`. `right` are functions of exercises that passed; `compared` are the calls that were
    answered, with what is right."""

    exercise: Exercise
    modules: Mapping[str, ModuleSource]
    first: CheckOutcome
    asked: tuple[CallRecord, ...]
    device: Device = "cpu"
    right: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()

    @property
    def is_of_the_function(self) -> bool:
        """Whether something that the function does is wrong: not a limit, a name, or its whole module."""
        return self.first.scope is FindingScope.FUNCTION and self.first.status is CheckStatus.FAILED

    @property
    def first_wrong(self) -> Compared | None:
        """The first call that gave something wrong."""
        return next((each for each in self.compared if each.is_wrong), None)

    @property
    def shortest_wrong(self) -> Compared | None:
        """Of the calls that gave something wrong, the one that is answered soonest."""
        return min((each for each in self.compared if each.is_wrong), key=lambda each: each.lines, default=None)

    @property
    def is_printed(self) -> bool:
        """Whether only what is printed is wrong."""
        first = self.first_wrong
        return first is not None and first.is_right(first.got, first.printed[1])

    @property
    def texts(self) -> dict[str, str]:
        """The modules' texts."""
        return {name: module.text for name, module in self.modules.items()}


@dataclass
class Repair:
    """Tries edits of one submission. `left` is how many it may still try, and `reference_seconds` tells how long the
    reference takes for an exercise."""

    session: Session
    checks: CollectedChecks
    reference_seconds: Callable[[Exercise], float]
    submission: Submission
    seed: int
    left: int

    def place(
        self, edits: Sequence[Edit], source: ModuleSource, failed: Failed, functions: Mapping[str, Function]
    ) -> Edit | None:
        """The edit that says where to look; None when there is none, or those that pass don't agree. Raises
        `WorkerFault`."""
        if failed.shortest_wrong is None and self._passes(source.text, source, failed, functions):
            return None  # it is wrong with some inputs alone, so that an edit that does nothing would pass
        return the_place(self._that_pass(edits, source, failed, functions), source.text)

    def _that_pass(
        self, edits: Sequence[Edit], source: ModuleSource, failed: Failed, functions: Mapping[str, Function]
    ) -> list[Edit]:
        """Of the commonest kind, those with which everything passes."""
        passed: list[Edit] = []
        for edit in edits:
            if passed and edit.tier > passed[-1].tier:
                break
            self.left -= 1
            if self._passes(applied(source.text, edit), source, failed, functions):
                passed.append(edit)
            if self.session.has_ended:  # an edit that never ends takes a hundred times as long as others
                self.left -= _OF_ENDED
            if self.session.is_out_of_time or self.left < 0:
                self.left = 0
                return []
        return passed

    def _passes(self, text: str, source: ModuleSource, failed: Failed, functions: Mapping[str, Function]) -> bool:
        """Whether all is right with another text of the module."""
        exercise = failed.exercise
        texts = {**failed.texts, source.name: text}
        longest = max(_LEAST_SECONDS, _OF_REFERENCE * self.reference_seconds(exercise))
        self.session.begin("cpu", texts, whole=False, call_seconds=longest)
        wrong = failed.shortest_wrong
        if wrong and not self._is_right_now(wrong):
            return False
        transport = RemoteTransport(self.session, self.submission, exercise.id)
        # What failed comes first: it tells most edits apart.
        items = sorted(self.checks.items[exercise.id], key=lambda item: item[0].name != failed.first.id)
        for each in _SEEDS:
            seed = derive(self.seed, each, exercise.id)
            student = Student(transport, functions, derive(seed, "calls"), "cpu")
            for item, info in items:
                try:
                    outcome = self.checks.run(item, info, student, Draw(seed, item.name))
                except WorkerFault:
                    raise
                except Exception:  # a check or a reference that breaks on what this edit gives
                    return False
                if outcome.status is not CheckStatus.PASSED or any(student.seen.values()):
                    return False
        return True

    def _is_right_now(self, wrong: Compared) -> bool:
        """Whether a call that was wrong gives what is right: nearly no edit does, and one call is soon asked."""
        answer = answer_of(self.session.send(wrong.call))
        return answer is not None and wrong.is_right(*answer)
