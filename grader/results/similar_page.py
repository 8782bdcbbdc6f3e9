"""`similar.html` and `similar.csv`: submissions that agree surprisingly, side by side, for a person to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from grader.core.assignment import Assignment, Course
from grader.core.files import write_report
from grader.core.labels import counted, points
from grader.core.sanitize import sanitized
from grader.course.templates import hash_of_style, style, template
from grader.results.data_files import csv_lines, safe_cell
from grader.results.similarity import Agreement, Pair, Similar, Work, marked_lines

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
