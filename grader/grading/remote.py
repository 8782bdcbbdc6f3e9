"""The transport of the hidden run: a learner's functions over the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from grader.checks import CheckFailed
from grader.checks.source import place_of
from grader.collect import ModuleSource
from grader.grading.child import ChildEnded
from grader.grading.session import Pending, Session
from grader.inert import inert
from grader.records import CheckStatus, Finding
from grader.wire.messages import Call, Place, Raised, Reply


class RemoteTransport:
    """Asks a submission's session. A child that ends or overruns fails the check, and is reported as such."""

    def __init__(self, session: Session, modules: Mapping[str, ModuleSource]) -> None:
        self._session = session
        self._modules = modules

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Send a call to the child. Raises `WorkerFault`; what it gives, also `CheckFailed` when the child ended."""
        return partial(self._answer, self._session.send(call))

    def _answer(self, pending: Pending) -> tuple[Reply | Raised, str]:
        try:
            answer = self._session.wait(pending)
        except ChildEnded as ended:
            if ended.overran:
                raise CheckFailed(Finding(f"It took too long. {ended}"), CheckStatus.TIMED_OUT) from None
            raise CheckFailed(Finding(f"It was stopped. {ended}"), CheckStatus.CRASHED) from None
        return answer.outcome, answer.printed

    def line_of(self, place: Place) -> str:
        """`lesson.py, line 31:  return total`."""
        source = self._modules.get(place.module)
        if source is None:
            return inert(f"{place.module}.py", 100)
        lines = source.text.split("\n")  # as Python counts them; splitlines() would end some at U+2028
        shown = inert(lines[place.line - 1].strip(), 100) if 0 < place.line <= len(lines) else ""
        return f"{source.locate(place.line)}:  {shown}" if shown else source.locate(place.line)

    def definition(self, module: str, function: str) -> Place | None:
        """Where the function returns its result."""
        source = self._modules.get(module)
        line = place_of(source.text, function) if source else None
        return Place(module, line, function) if line else None
