"""Reads a roster: CSV as people and spreadsheets write it, or the gradebook that Canvas exports."""

from __future__ import annotations

import csv
import difflib
import io
from pathlib import Path

from grader.errors import ExportError
from grader.export.roster import COLUMNS, Person, Roster, column_of, problems_of
from grader.inert import inert

_MOST_BYTES = 20_000_000
_MOST_PROBLEMS = 20
_SEPARATORS = ",;\t"
_A_SLIP = 0.8  # how alike a heading is to a column that it was meant to be; other headings are ignored
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # what a spreadsheet calls Unicode text
# The first columns of a gradebook that Canvas exports (lib/gradebook_exporter.rb of canvas-lms). "Student" is a display
# name there, and "ID" is Canvas's own number.
_CANVAS = {"Student": "name", "ID": "canvas_id", "SIS User ID": "sis_id", "SIS Login ID": "login", "Section": "section"}


def read_roster(path: Path) -> Roster:
    """The roster in a file. Raises `ExportError` with a sentence for each line and column that is wrong.

    UTF-8 or UTF-16, with or without a byte order mark; separated by commas, semicolons or tabs. The first line names
    the columns: `student` and any of the others; of a gradebook of Canvas, the SIS Login ID is taken for the student.
    """
    text = _text(path)
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise ExportError(f"{path} is not a table of comma-separated values: {error}.") from None
    if not rows:
        raise ExportError(f"{path} is empty; expected a line with the names of the columns: {', '.join(COLUMNS)}.")
    (_, headings), *lines = rows
    headings = [heading.strip() for heading in headings]
    ignored: tuple[str, ...] = ()
    if headings[:2] == ["Student", "ID"] and "SIS Login ID" in headings:
        people = _of_canvas(headings, lines)
    else:
        columns, ignored = _columns(path, headings)
        people = _people(path, columns, lines)
    found = sorted(problems_of(people))
    if found:
        more = [f"… and {len(found) - _MOST_PROBLEMS} more."] if len(found) > _MOST_PROBLEMS else []
        told = [f"{path}, line {line}, column {column}: {what}" for line, column, what in found[:_MOST_PROBLEMS]]
        raise ExportError("\n".join([*told, *more]))
    if not people:
        raise ExportError(f"{path} names no learner: there is nothing below its first line.")
    return Roster(tuple(people), tuple(inert(heading, 60) for heading in ignored), tuple(headings))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
    except OSError as error:
        raise ExportError(f"The roster {path} can't be read: {error.strerror or error}.") from None
    if data is None:
        raise ExportError(f"The roster {path} is larger than {_MOST_BYTES} bytes. Is it the right file?")
    try:
        return data.decode(_MARKS.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExportError(f"{path}, line {line}: expected UTF-8, found other bytes. Save it as CSV in UTF-8.") from None


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of the line on which it begins."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((before + 1, row))
        before = reader.line_num
    return rows


def _columns(path: Path, headings: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The column that each heading means, empty for one that is ignored; and the ignored ones."""
    columns: list[str] = []
    ignored: list[str] = []
    for heading in headings:
        column = column_of(heading)
        if column in columns and column in COLUMNS:
            raise ExportError(f'{path}, line 1: two columns mean "{column}"; expected one.')
        near = difflib.get_close_matches(column, COLUMNS, n=1, cutoff=_A_SLIP)
        if column not in COLUMNS and near:
            raise ExportError(f'{path}, line 1: unknown column "{inert(heading, 60)}". Did you mean "{near[0]}"?')
        if column not in COLUMNS and heading:
            ignored.append(heading)
        columns.append(column if column in COLUMNS else "")
    if "student" not in columns:
        found = ", ".join(f'"{inert(heading, 60)}"' for heading in headings)
        raise ExportError(
            f'{path}, line 1: there is no column "student", which holds the names of the learners\' entries in the '
            f"folder of submissions; found {found}."
        )
    return columns, tuple(ignored)


def _people(path: Path, columns: list[str], lines: list[tuple[int, list[str]]]) -> list[Person]:
    people = []
    for number, row in lines:
        if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            raise ExportError(
                f"{path}, line {number}: has {len(row)} cells, and the first line names {len(columns)} columns. "
                "A cell that holds the separator must stand in quotes."
            )
        # The name of an entry may begin with a space; all other values are typed by people.
        values = {
            column: cell if column == "student" else cell.strip()
            for column, cell in zip(columns, row, strict=False)
            if column
        }
        people.append(Person(**{"student": "", **values}, line=number))
    return people


def _of_canvas(headings: list[str], lines: list[tuple[int, list[str]]]) -> list[Person]:
    """Learners only: the rows for points and posting, and Canvas's own test student, are none."""
    people = []
    for number, row in lines:
        cells = dict(zip(headings, (cell.strip() for cell in row), strict=False))
        values = {column: cells.get(heading, "") for heading, column in _CANVAS.items()}
        if not values["canvas_id"] or values["name"] == "Student, Test":
            continue
        student = values["login"] or values["sis_id"] or values["canvas_id"]
        people.append(Person(student=student, line=number, **values))
    return people
