"""The transport of the hidden run: a learner's functions over the wire, and advice about the device they run on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from grader.checks import CheckFailed
from grader.checks.compare import call_text
from grader.checks.explain import in_words
from grader.checks.transport import Source
from grader.core.records import CheckStatus, Finding
from grader.core.sanitize import sanitized
from grader.grading.session import Pending, Session
from grader.grading.submission import Submission
from grader.reading.module_text import ModuleSource
from grader.reading.statements import own_line
from grader.sandbox.host.child import ChildEnded
from grader.sandbox.inside.execute import MIXED
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build, Lookup, Parameters


def device_advice(session: Session, transport: RemoteTransport, call: Call) -> str:
    """Repeat the call on pretended cuda tensors, and give the advice if that shows a mistake.

    To be asked of functions that could go wrong there: pretending costs as much as all other checks of an exercise.
    Whatever can't be pretended is unknown, and nothing is said. To be called when all else is done: autograd on
    pretended tensors ends the process on a machine without CUDA.
    """
    if not _can_be_pretended(call):
        return ""
    try:
        return _words(session.ask(replace(call, pretend=True, then=None)).outcome, transport)
    except ChildEnded:
        return ""


def _can_be_pretended(call: Call) -> bool:
    tensors = [arg for arg in call.args if isinstance(arg, Array)]
    return bool(tensors) and not any(isinstance(arg, Build | Lookup | Parameters) for arg in call.args)


def _words(outcome: Reply | Raised, transport: RemoteTransport) -> str:
    if isinstance(outcome, Raised):
        if outcome.type_name != MIXED:
            return ""
        where = f" ({transport.line_of(outcome.where[-1])})" if outcome.where else ""
        return f"On a GPU this would mix devices: make new tensors on the device of the arguments{where}."
    if outcome.value == "cpu":
        return "On a GPU this would move its result to the CPU: leave it on the device of the arguments."
    return ""


class RemoteTransport:
    """Asks a submission's session, for the exercise that was begun. A child that ends or overruns fails the check, and
    is reported as such.

    The exercise is run from the submission's modules, or from the sources that are its own.
    """

    def __init__(self, session: Session, submission: Submission, exercise: str) -> None:
        self._session = session
        self._submission = submission
        self._exercise = exercise

    @property
    def running(self) -> Mapping[str, ModuleSource]:
        """What the exercise is run from."""
        if self._session.is_alone:
            return self._submission.alone.get(self._exercise, {})
        return self._submission.modules

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Send a call to the child. Raises `WorkerFault`; what it gives, also `CheckFailed` when the child ended."""
        return partial(self._answer, call, self._session.send(call))

    def _answer(self, call: Call, pending: Pending) -> tuple[Reply | Raised, str]:
        try:
            answer = self._session.wait(pending)
        except ChildEnded as ended:
            why = str(ended)
            for name, source in self._submission.modules.items():
                why = why.replace(f"{name}.py", source.shown)
            why = why[:1].upper() + why[1:]
            called = (("called", call_text(call.function, call.args)),) if ended.in_call else ()
            status = CheckStatus.TIMED_OUT if ended.overran else CheckStatus.CRASHED
            raise CheckFailed(Finding(why, called), status) from None
        if self._session.is_alone and isinstance(answer.outcome, Raised) and answer.outcome.stage == "import":
            raise self._undefined(call, answer.outcome)
        return answer.outcome, answer.printed

    def _undefined(self, call: Call, raised: Raised) -> CheckFailed:
        """Nothing is said of the whole module: other exercises may get on without what is missing here."""
        line = self.line_of(raised.where[-1]) if raised.where else ""
        error = sanitized(raised.type_name, 100) + (f": {sanitized(raised.message, 400)}" if raised.message else "")
        facts = (("raised", error), *((("where", line),) if line else ()))
        summary = f"What {call.name} needs can't be defined. {in_words(raised, call, line)}".rstrip()
        return CheckFailed(Finding(summary, facts), place=raised.where[-1] if raised.where else None)

    def line_of(self, place: CodeLine) -> str:
        """`lesson.py, line 31:  return total`."""
        return line_in(self.running, place)

    def definition(self, module: str, function: str) -> CodeLine | None:
        """Where the function returns its result."""
        name, _, method = function.partition(".")
        line = self._submission.facts_of_function(module, name).line_of(method or None)
        return CodeLine(module, line, function) if line else None

    def source(self, module: str, function: str) -> Source:
        """What is known of the function's source."""
        source = self._submission.modules.get(module)
        if source is None:
            return Source(f"{module}.py")
        facts = self._submission.facts_of_function(module, function)
        return Source(source.shown, facts.is_written, facts.signature)


def line_in(modules: Mapping[str, ModuleSource], place: CodeLine) -> str:
    """A place in these modules in words, with the line itself."""
    source = modules.get(place.module)
    if source is None:
        return sanitized(f"{place.module}.py", 100)
    lines = source.text.split("\n")  # as Python counts them; splitlines() would end some at U+2028
    line = lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""
    shown = sanitized(own_line(line), 100)
    return f"{source.locate(place.line)}:  {shown}" if shown else source.locate(place.line)
