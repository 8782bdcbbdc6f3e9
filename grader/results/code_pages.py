"""Pages on which instructors read learners' code: one learner's as it was graded, and two side by side that agree
surprisingly.

On the first, each line has its number, and each finding stands at its line. What a learner wrote is never parsed here:
it came as lines that are safe to show, and is escaped. Its colours come from one regular expression that goes over it
once. The second is `similar.html`, with `similar.csv` beside it, for a person to judge.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from grader.core import labels
from grader.core.assignment import Assignment, Course
from grader.core.files import write_report
from grader.core.labels import counted, points
from grader.core.records import ExerciseResult, Source, SubmissionResult
from grader.core.sanitize import sanitized
from grader.course.templates import hash_of_style, style, template, with_code
from grader.results.data_files import csv_lines, safe_cell
from grader.results.similarity import Agreement, Pair, Similar, Work, marked_lines


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


_LONGEST_LINE, _MOST_LINES = 300, 400
_HEADER = ["student", "other", "earlier", "surprise", "usual", "parts", "rarest", "submissions", "same_mistakes"]


def shown_name(work: Work) -> str:
    """Whose work it is; of an earlier one with the folder that it lies in."""
    return sanitized(f"{work.student} ({work.earlier})" if work.earlier else work.student, 120)


def write_similar_csv(path: Path, similar: Similar) -> None:
    """Writes a row for each pair. Raises `ResultsError`."""
    write_report(path, csv_lines([_HEADER, *_rows(similar)]))


def _rows(similar: Similar) -> Iterator[list[str]]:
    for pair in similar.pairs:
        mistakes = [f"{each.part}: {each.mistake.words}" for each in pair.agreements if each.mistake]
        yield [
            *(safe_cell(text) for text in (pair.one.student, pair.other.student, pair.other.earlier)),
            points(pair.surprise, 1),
            points(similar.usual, 1),
            " ".join(each.part for each in pair.agreements),
            str(pair.rarest),
            str(similar.works),
            safe_cell("; ".join(mistakes)),
        ]


def write_similar_page(path: Path, similar: Similar, course: Course, assignment: Assignment) -> None:
    """Writes the page. Raises `ResultsError`."""
    write_report(path, [similar_html(similar, course, assignment)])


def similar_html(similar: Similar, course: Course, assignment: Assignment) -> str:
    """The page, without scripts; everything in it is escaped."""
    css = style("grader.results", "feedback.css") + style("grader.results", "similar.css")
    page = template("grader.results", "similar.html", points=points, name=shown_name)
    return page.render(
        course=course.name,
        assignment=assignment,
        similar=similar,
        compared=counted(similar.compared, "pair"),
        shown=[_Shown.of(number, pair, similar, assignment) for number, pair in enumerate(similar.pairs, 1)],
        css=Markup(css),
        css_hash=hash_of_style(css),
    ).removesuffix("\n")


@dataclass(frozen=True)
class _Line:
    """One line of a source: its number there, its text, and how many works have what is shared of it, if anything."""

    number: int
    text: str
    works: int = 0
    is_rare: bool = False


@dataclass(frozen=True)
class _Column:
    """A part of one learner's source: whose, where it stands, its lines, and how many more there are."""

    name: str
    place: str
    lines: tuple[_Line, ...]
    left: int


@dataclass(frozen=True)
class _Section:
    """A part of two sources side by side: what it is called, what is shared in words, and a column for each."""

    title: str
    says: tuple[str, ...]
    columns: tuple[_Column, ...]


@dataclass(frozen=True)
class _Shown:
    """A pair on the page: the parts where they agree, and the others."""

    number: int
    pair: Pair
    parts: str
    agree: tuple[_Section, ...]
    others: tuple[_Section, ...]

    @classmethod
    def of(cls, number: int, pair: Pair, similar: Similar, assignment: Assignment) -> _Shown:
        agree = [_section(pair, each.part, each, similar, assignment) for each in pair.agreements]
        names = [part for part in dict.fromkeys((*pair.one.parts, *pair.other.parts)) if _has_lines(pair, part)]
        known = {each.part for each in pair.agreements}
        others = [_section(pair, part, None, similar, assignment) for part in names if part not in known]
        parts = ", ".join(each.part for each in pair.agreements)
        return cls(number, pair, parts, tuple(agree), tuple(others))


def _has_lines(pair: Pair, part: str) -> bool:
    works = (work for work in (pair.one, pair.other) if part in work.parts)
    return any(line.text.strip() for work in works for line in _column(work, part, {}, 0).lines)


def _section(pair: Pair, part: str, agreement: Agreement | None, similar: Similar, assignment: Assignment) -> _Section:
    says = []
    if agreement:
        forms = counted(len(agreement.shared), "form")
        says.append(f"{forms} in common; the rarest is in {agreement.rarest} of {similar.works:,} submissions.")
        if agreement.mistake:
            made = counted(agreement.mistake.learners, "learner")
            says.append(f"The same mistake, which {made} made: {sanitized(agreement.mistake.words, 300)}.")
    rare = max(2, round(similar.works / 50))
    columns = [
        _column(work, part, marked_lines(work, agreement, similar.having) if agreement else {}, rare)
        for work in (pair.one, pair.other)
    ]
    exercise = assignment.exercises.get(part)
    return _Section(f"{part}: {exercise.title}" if exercise else f"{part}, the rest", tuple(says), tuple(columns))


def _column(work: Work, part: str, marked: Mapping[int, int], rare: int) -> _Column:
    if part not in work.parts:
        return _Column(shown_name(work), "nothing of it", (), 0)
    found = work.parts[part]
    source = work.sources[found.module]
    texts = source.text.split("\n")
    lines: list[_Line] = []
    numbers = [number for number in work.lines(part) if number <= len(texts)]
    for number in numbers:
        text = texts[number - 1]
        if not text.strip() and not (lines and lines[-1].text):
            continue  # of several empty lines one
        works = marked.get(number, 0) if text.strip() else 0
        lines.append(_Line(source.place(number)[0], _one_line(text), works, 0 < works <= rare))
    where = source.locate(numbers[0]) if found.first and numbers else source.shown
    return _Column(shown_name(work), where, tuple(lines[:_MOST_LINES]), max(0, len(lines) - _MOST_LINES))


def _one_line(text: str) -> str:
    return sanitized(text, _LONGEST_LINE) if text.strip() else ""
