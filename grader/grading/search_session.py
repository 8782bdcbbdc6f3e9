"""The conversation about a submission after its verdict, in which one text follows the other by the hundred.

Nothing is waited for that need not be: other sources are sent as calls are, and the first call imports a module, within
its own time.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.grading.budget import SHORT_SECONDS
from grader.grading.session import Pending, Session
from grader.sandbox.host.child import ChildEnded
from grader.sandbox.protocol.messages import Begin, Call, Reply, encode_begin, encode_call


@dataclass(eq=False)
class _Sent(Pending):
    """A call, and what it is run from; without a call, that alone."""

    call: Call | None = None
    sources: dict[str, str] | None = None


class SearchSession(Session):
    """A session whose calls may be of several texts, all under way at once."""

    def afresh(self) -> None:
        """The next call finds its module as if nothing had been called before. To be called when none is under way."""
        if self._child is not None:
            self._begun = {}

    def send(self, call: Call) -> Pending:
        """Have a call performed in the child, from what was begun last. Raises `WorkerFault`."""
        if self._budget.call_seconds <= 0:
            return Pending(ChildEnded(self._budget.time_over(), overran=True))
        pending = _Sent(call=call, sources=self._wanted)
        try:
            self._dispatch(pending, call)
        except ChildEnded as ended:
            pending.came = self._ended(ended, self._budget.time_over())
        return pending

    def _dispatch(self, pending: _Sent, call: Call) -> None:
        if self._child is not None and self._begun not in (None, self._wanted):
            self._begun = self._wanted
            self._under_way.append(_Sent())
            self._child.send(encode_begin(Begin(self._wanted, self._device, {}, self._lacking)))
        child = self._ready_child()
        self._under_way.append(pending)
        child.send(encode_call(call))

    def _take_answer(self) -> None:
        """Wait for the answer to the oldest call that has none. A child that can't be given other sources is let go,
        and what is under way is sent to a fresh one."""
        assert self._child is not None
        if _sent(self._under_way[0]).call is not None:
            super()._take_answer()
            return
        try:
            ready = self._received(self._child, SHORT_SECONDS, of_exercise=False).outcome
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
