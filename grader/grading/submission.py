"""What one learner handed in: where it lies, and what was read of it, or why nothing could be."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.core.records import Cause, Excerpt, ExerciseResult, Source, SubmissionStatus
from grader.core.sanitize import sanitized, sanitized_lines
from grader.reading.forms import Part
from grader.reading.module_text import ModuleSource
from grader.reading.read import Reading
from grader.reading.reader import File
from grader.reading.source_facts import SourceFacts
from grader.sandbox.host.child import Child

# What is shown of a learner's own code: so many lines before and after one, or as many on one side; and of a module.
_BESIDE, _WIDEST = 2, 100
_MOST_LINES, _MOST_CHARS, _LONGEST = 1000, 40_000, 300


@dataclass(frozen=True)
class EntryFiles:
    """The files of an entry, as they were gathered on another machine."""

    is_folder: bool
    files: tuple[File, ...]


@dataclass(frozen=True)
class PreviousGrading:
    """The results of a previous grading that may stand, and the exercises that are graded `again` all the same."""

    results: tuple[ExerciseResult, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One learner's entry in the folder of submissions. `student` can be stored as UTF-8 but is otherwise raw.

    In a folder, `notebook` is the one that counts when there are several, and `aside` are names that are not the
    learner's own work: they are neither read nor listed. `previous` has results that need not be found again. Where
    `files` are given, nothing lies at `path` on this machine.
    """

    student: str
    path: Path
    notebook: str = ""
    aside: frozenset[str] = frozenset()
    previous: PreviousGrading = PreviousGrading()
    files: EntryFiles | None = None


@dataclass(frozen=True)
class Submission:
    """What was read of one learner's entry. `facts` are by exercise; those of a text that was too much to be looked at
    are missing. `imports` are the modules that it imports. The same files give the same `digest`. `read_by` is the
    child that read it, if it is to run it, too. `parts` are those of its code, where they were
    wanted."""

    student: str
    reading: Reading
    facts: Mapping[str, SourceFacts]
    digest: str
    imports: tuple[str, ...] = ()
    read_by: Child | None = field(default=None, compare=False)
    parts: Mapping[str, Part] = field(default_factory=dict)

    def facts_of_function(self, module: str, function: str) -> SourceFacts:
        """What is known of a function by its module and name."""
        found = (each for each in self.facts.values() if (each.module, each.function) == (module, function))
        return next(found, SourceFacts())

    def facts_of(self, exercise: str) -> SourceFacts:
        """What is known of how an exercise is written."""
        return self.facts.get(exercise, SourceFacts())

    def text_of(self, exercise: str) -> str:
        """The last definition of an exercise's function, decorators included; empty when there is none."""
        facts = self.facts_of(exercise)
        if not facts.first or not facts.last:
            return ""
        return "\n".join(self.reading.modules[facts.module].text.split("\n")[facts.first - 1 : facts.last])

    def cell_of(self, exercise: str) -> int | None:
        """The number of the notebook's cell that an exercise's definition was taken from."""
        facts = self.facts_of(exercise)
        lines = self.reading.modules[facts.module].lines if facts.first else ()
        return lines[facts.first - 1].cell if facts.first and facts.first <= len(lines) else None

    def around(self, cause: Cause, exercise: str) -> Excerpt | None:
        """The learner's own lines around the line of a cause: of the exercise's function, where that is in it. None
        where the line isn't known."""
        source = self.reading.modules.get(cause.module)
        if cause.line is None or source is None:
            return None
        own = {number: text for number, cell, text in source.written() if cell == cause.cell}
        if cause.line not in own:
            return None
        first, last = self._lines_of(exercise, cause)
        low = max(first, min(cause.line - _BESIDE, last - 2 * _BESIDE))
        wanted = range(low, min(last, low + 2 * _BESIDE) + 1)
        start = next((n + 1 for n in range(cause.line, wanted.start - 1, -1) if n not in own), wanted.start)
        end = next((n for n in range(cause.line, wanted.stop) if n not in own), wanted.stop)
        while start < cause.line and not own[start].strip():
            start += 1
        while end > cause.line + 1 and not own[end - 1].strip():
            end -= 1
        return Excerpt(start, tuple(sanitized(own[number].rstrip(), _WIDEST) for number in range(start, end)))

    def _lines_of(self, exercise: str, cause: Cause) -> tuple[int, int]:
        """Between which lines, of its file or cell, an exercise's function stands, if a cause lies in it."""
        facts, source = self.facts_of(exercise), self.reading.modules[cause.module]
        if facts.module == cause.module and facts.first and facts.last:
            (first, cell), (last, _) = source.place(facts.first), source.place(facts.last)
            if cell == cause.cell and first <= (cause.line or 0) <= last:
                return first, last
        return 1, sys.maxsize

    def sources(self) -> tuple[Source, ...]:
        """The modules as they are graded, safe to show; of a large one, the beginning."""
        return tuple(_shown(source) for source in self.reading.modules.values())

    @property
    def note(self) -> str:
        """What the learner is told of what was read and what was not; empty when there is nothing to say."""
        return self.reading.note


def _shown(source: ModuleSource) -> Source:
    written = source.written()
    texts = sanitized_lines([text.rstrip() for _, _, text in written[:_MOST_LINES]], _LONGEST, _MOST_CHARS)
    lines = tuple((number, cell, text) for (number, cell, _), text in zip(written, texts, strict=False))
    return Source(source.name, lines, len(written) - len(lines))


@dataclass(frozen=True)
class Unread:
    """An entry that can't be graded: `UNREADABLE` when damaged, `REFUSED` when against a rule; `note` says why."""

    student: str
    status: SubmissionStatus
    note: str
    files: str = ""  # the digest of what it was read from

    @property
    def digest(self) -> str:
        """The same for the same files, or, where none could be had, for the same words."""
        return self.files or hashlib.sha256(json.dumps([self.status, self.note]).encode()).hexdigest()
