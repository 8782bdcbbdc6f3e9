"""The transport of the hidden run: a learner's functions over the wire, and advice about the device they run on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.checks.transport import Source
from grader.core.sanitize import sanitized
from grader.grading.session import Session
from grader.grading.submission import Submission
from grader.reading.module_text import ModuleSource
from grader.reading.statements import own_line
from grader.sandbox.inside.execute import MIXED
from grader.sandbox.protocol.messages import Call, ChildEnded, CodeLine, Raised, Reply
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
        return _words(session.send(replace(call, pretend=True, then=None))().outcome, transport)
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
    """A submission's session, for the exercise that was begun, and what is known of the source.

    The exercise is run from the submission's modules, or from the sources that are its own.
    """

    def __init__(self, session: Session, submission: Submission, exercise: str) -> None:
        self.send = session.send
        self._session = session
        self._submission = submission
        self._exercise = exercise

    @property
    def running(self) -> Mapping[str, ModuleSource]:
        """What the exercise is run from."""
        if self._session.is_alone:
            return self._submission.reading.alone.get(self._exercise, {})
        return self._submission.reading.modules

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
        source = self._submission.reading.modules.get(module)
        if source is None:
            return Source(f"{module}.py", is_alone=self._session.is_alone)
        facts = self._submission.facts_of_function(module, function)
        return Source(source.shown, facts.is_written, facts.signature, self._session.is_alone)


def line_in(modules: Mapping[str, ModuleSource], place: CodeLine) -> str:
    """A place in these modules in words, with the line itself."""
    source = modules.get(place.module)
    if source is None:
        return sanitized(f"{place.module}.py", 100)
    lines = source.text.split("\n")  # as Python counts them; splitlines() would end some at U+2028
    line = lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""
    shown = sanitized(own_line(line), 100)
    return f"{source.locate(place.line)}:  {shown}" if shown else source.locate(place.line)
