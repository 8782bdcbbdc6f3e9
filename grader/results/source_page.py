"""A learner's source as it was graded, as a page for instructors: each line with its number, each finding at its line.

What a learner wrote is never parsed here: it came as lines that are safe to show, and is escaped. Its colours come from
one regular expression that goes over it once.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.core import labels
from grader.core.assignment import Assignment, Course
from grader.core.records import ExerciseResult, Source, SubmissionResult
from grader.core.sanitize import sanitized
from grader.course.templates import hash_of_style, style, template, with_code


@dataclass(frozen=True)
class Note:
    """What is said of one exercise. `anchor` is where on the page it stands at its line; empty where none is known."""

    id: str
    kind: str
    state: labels.State
    points: str
    says: str
    where: str
    anchor: str


@dataclass(frozen=True)
class Piece:
    """Lines that follow each other, of one file or cell, numbered from `first`; with the notes on each."""

    cell: int | None
    first: int
    lines: tuple[tuple[tuple[Span, ...], tuple[Note, ...]], ...]


# Text of a line, and what it is: one of the names below, or empty.
Span = tuple[str, str]
_QUOTES = "|".join(
    rf"{q}{q}{q}(?:[^{q}\\]|\\.|{q}(?!{q}{q}))*+(?:{q}{q}{q}|\Z)|{q}(?:[^{q}\\\n]|\\.)*+{q}?" for q in "\"'"
)
# Nothing that has matched is tried again, and a string without an end ends with its line or with the text: so the time
# is in proportion to the text, whatever it is.
_PARTS = re.compile(
    rf"(?P<comment>#[^\n]*+)|(?P<string>(?:(?<!\w)[bfruBFRU]{{1,2}})?+(?:{_QUOTES}))"
    rf"|(?P<keyword>(?<![\w.])(?:{'|'.join(keyword.kwlist)})(?!\w))|(?P<number>(?<![\w.])\d[\w.]*+)",
    re.DOTALL,
)


def coloured(lines: Sequence[str]) -> list[tuple[Span, ...]]:
    """Each of these lines in spans, which together are the line: comments, strings, keywords, numbers, and the rest."""
    text = "\n".join(lines)
    parts = [(found.lastgroup or "", found.start(), found.end()) for found in _PARTS.finditer(text)]
    shown, at, start = [], 0, 0
    for line in lines:
        end, spans = start + len(line), list[Span]()
        place = start
        while place < end:
            while at < len(parts) and parts[at][2] <= place:
                at += 1
            kind, begins, ends = parts[at] if at < len(parts) else ("", end, end)
            if begins > place:
                kind, ends = "", begins
            spans.append((kind, text[place : min(ends, end)]))
            place = min(ends, end)
        shown.append(tuple(spans))
        start = end + 1
    return shown


def source_html(
    result: SubmissionResult, sources: Sequence[Source], course: Course, assignment: Assignment, feedback: str
) -> str:
    """The page; everything in it is escaped. `feedback` is the address of the learner's page."""
    notes = {each.id: _note(each, sources) for each in result.exercises}
    css = style("grader.results", "feedback.css") + style("grader.results", "source.css")
    page = template("grader.results", "source.html", code=with_code)
    return page.render(
        course=course.name,
        assignment=assignment.title,
        learner=sanitized(result.student, 200),
        total=f"{labels.points(result.score)} of {labels.points(result.max_score)} points",
        notes=list(notes.values()),
        files=[(_name(each), list(_pieces(each, result, notes)), each.left_out) for each in sources],
        feedback=feedback,
        css=Markup(css),
        css_hash=hash_of_style(css),
    ).removesuffix("\n")


def is_marked(exercise: ExerciseResult) -> bool:
    """Whether a line of its source has what was found of an exercise beside it."""
    return exercise.cause is not None and exercise.cause.line is not None


def _name(source: Source) -> str:
    is_notebook = any(cell is not None for _, cell, _ in source.lines)
    return f"{source.module}, in the notebook" if is_notebook else f"{source.module}.py"


def _note(exercise: ExerciseResult, sources: Sequence[Source]) -> Note:
    cause, finding = exercise.cause, exercise.finding
    at = (cause.line, cause.cell) if cause else None
    is_there = cause is not None and any(
        source.module == cause.module and any(at == (number, cell) for number, cell, _ in source.lines)
        for source in sources
    )
    facts = dict(finding.facts) if finding else {}
    return Note(
        id=sanitized(exercise.id, 100),
        kind=exercise.status.value,
        state=labels.state_words(exercise.status),
        points=f"{labels.points(exercise.score)} of {labels.points(exercise.max_score)}",
        says=sanitized(cause.says if cause else finding.summary if finding else "", 600),
        where="" if is_there else sanitized(facts.get("where", ""), 300),
        anchor=sanitized(exercise.id, 100) if is_there else "",
    )


def _pieces(source: Source, result: SubmissionResult, notes: dict[str, Note]) -> Iterator[Piece]:
    at: dict[tuple[int | None, int | None], tuple[Note, ...]] = {}
    for exercise in result.exercises:
        if exercise.cause and exercise.cause.module == source.module:
            place = exercise.cause.line, exercise.cause.cell
            at[place] = (*at.get(place, ()), notes[exercise.id])
    lines, said = list[str](), list[tuple[Note, ...]]()
    first, cell_before = 0, None

    def piece() -> Piece:
        return Piece(cell_before, first, tuple(zip(coloured(lines), said, strict=True)))

    for number, cell, text in source.lines:
        if lines and (cell != cell_before or number != first + len(lines)):
            yield piece()
            lines, said = [], []
        if not lines:
            first, cell_before = number, cell
        lines.append(text)
        said.append(at.get((number, cell), ()))
    if lines:
        yield piece()
