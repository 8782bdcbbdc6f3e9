"""Reading what was handed in, by a process that is thrown away: the grading process sees plain facts only."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from grader.core.assignment import Assignment
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.grading.collect import Gathered, gather
from grader.grading.session import READY_SECONDS
from grader.grading.submission import Entry, Submission, Unread
from grader.reading.edits import Edit
from grader.reading.read import Reading
from grader.reading.reader import EDITS, EditsAnswer, EditsRequest, FactsAnswer, ReadAnswer, ReadRequest
from grader.sandbox.host.child import Child, NotReady, WorkerFault
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.frames import Frame, MalformedFrame, decode_typed, encode_typed
from grader.sandbox.protocol.messages import ChildEnded

TRIES = 2
T = TypeVar("T")
_NEXT = Frame(None, [])  # asks for an answer: that it is ready, and later for its facts


class _Killed(Exception):
    """A process that read was killed, by the kernel or by somebody: that may be no fault of what it read."""


class Reader:
    """Reads the entries of one assignment, each in a child of the zygote.

    With `cells`, a notebook's cells are kept, and with `parts`, the forms of the code. With `runs`, a submission comes
    with the child that read it, which is to run it or be let go."""

    def __init__(
        self,
        zygote: Zygote,
        assignment: Assignment,
        *,
        cells: bool = False,
        parts: bool = False,
        runs: bool = False,
    ) -> None:
        self._zygote = zygote
        self._limits = assignment.limits
        self._sought = replace(assignment, due=None)  # of times nothing is read
        self._cells = cells
        self._parts = parts
        self._runs = runs

    def read(self, entry: Entry) -> Submission | Unread:
        """What one entry holds. Whatever a learner handed in, this answers. Raises `WorkerFault` when the machinery
        fails time and again."""
        gathered = gather(entry, self._limits)
        if isinstance(gathered, Unread):
            return gathered
        for attempt in range(1, TRIES + 1):
            try:
                return self._read(gathered, is_last=attempt == TRIES)
            except _Killed:
                continue
            except WorkerFault:
                self._zygote.restart()
                if attempt == TRIES:
                    raise
        raise AssertionError

    def edits(self, text: str, function: str, most: int, right: tuple[str, ...]) -> tuple[Edit, ...]:
        """Edits of a function in a learner's text, but of none that is right; none when that is too much to read.
        Raises `WorkerFault`."""
        child = self._ready_child(Frame(EDITS, []))
        try:
            child.send(encode_typed(EditsRequest(text, function, most, right)))
            return self._received(EditsAnswer, child).edits
        except ChildEnded:
            return ()
        finally:
            self._zygote.dismiss(child)

    def prepare(self) -> None:
        """Have a process made for the next entry, while others work. Raises `WorkerFault`."""
        self._zygote.prepare_reader(self._limits)

    def _read(self, gathered: Gathered, *, is_last: bool) -> Submission | Unread:
        """Raises `_Killed` when the process was killed, and this isn't the last try."""
        entry = gathered.entry
        request = ReadRequest(
            entry.path.name,
            gathered.is_folder,
            gathered.files,
            self._sought,
            entry.notebook,
            self._cells,
            self._parts,
        )
        child = self._ready_child()
        reading: Reading | None = None
        runs = False
        try:
            reading = self._reading(child, request)
            known = self._received(FactsAnswer, child)
        except NotReadError as problem:
            self._zygote.dismiss(child)
            return Unread(entry.student, problem.status, str(problem), gathered.digest)
        except ChildEnded as ended:
            if self._zygote.end(child).killed and not ended.overran and not is_last:
                raise _Killed from None
            if reading is None:
                return Unread(entry.student, SubmissionStatus.UNREADABLE, self._too_much(entry, ended), gathered.digest)
            known = FactsAnswer()  # the text is run all the same, within the limits of what runs it
        else:
            runs = self._runs and known.was_easy
            if not runs:
                self._zygote.dismiss(child)
        reading = replace(reading, alone={**reading.alone, **known.alone})
        read_by = child if runs else None
        return Submission(entry.student, reading, known.facts, gathered.digest, known.imports, read_by, known.parts)

    def _ready_child(self, wanted: Frame = _NEXT) -> Child:
        child = self._zygote.spawn_reader(self._limits)
        try:
            child.send(wanted)
            child.answer(READY_SECONDS)
        except ChildEnded as error:
            end = self._zygote.end(child)
            raise NotReady(
                f"a process that reads submissions did not get ready. It ended with {end.reason()}. {error}".rstrip()
            ) from None
        return child

    def _reading(self, child: Child, request: ReadRequest) -> Reading:
        """The answer to the request. Raises `ChildEnded` and `NotReadError`."""
        child.send(encode_typed(request))
        child.send(_NEXT)
        answer = self._received(ReadAnswer, child)
        if answer.not_read:
            raise NotReadError(answer.not_read.sentence, answer.not_read.status)
        if answer.reading is None:
            raise NotReadError(f"{sanitized(request.name, 80)} could not be read.", SubmissionStatus.UNREADABLE)
        return answer.reading

    def _too_much(self, entry: Entry, ended: ChildEnded) -> str:
        why = (
            f"takes longer than {self._limits.exercise_seconds:g} seconds to read"
            if ended.overran
            else f"takes more than {self._limits.memory_mb:,} MB of memory to read, or is too much for Python"
        )
        return f"{sanitized(entry.path.name, 80)} {why}. Hand in only your own work, in ordinary Python."

    def _received(self, kind: type[T], child: Child) -> T:
        frame, _ = child.answer(self._limits.exercise_seconds)
        try:
            return decode_typed(kind, frame)
        except MalformedFrame as error:
            raise ChildEnded(f"What came back could not be read: {error}.") from None
