"""Reads a roster, CSV as people and spreadsheets write it or the gradebook that Canvas exports."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator
from pathlib import Path

from grader.core.errors import ExportError
from grader.core.sanitize import sanitized
from grader.results.data_files import plain_cell
from grader.results.export.roster import (
    COLUMNS,
    NAME_PARTS,
    TOLD_APART_BY,
    Person,
    Roster,
    column_of,
    plain_heading,
    roster_problems,
    trimmed,
)

_MOST_BYTES = 20_000_000
_MOST_PROBLEMS = 20
_SEPARATORS = ",;\t"
_A_SLIP = 0.8  # how alike a heading is to a column that it was meant to be; other headings are ignored
# The first columns of a gradebook that Canvas exports (lib/gradebook_exporter.rb of canvas-lms). "Student" is a display
# name there, "ID" is Canvas's own number, and nobody knows which of the others the entries are called by.
_CANVAS = {
    "student": "name",
    "lastname": "last_name",
    "last_name": "last_name",
    "firstname": "first_name",
    "first_name": "first_name",
    "id": "canvas_id",
    "sis_user_id": "sis_id",
    "sis_login_id": "login",
    "section": "section",
    **{added: added for added in ("extension", "variant")},  # which a person has added
}
_CANVAS_NAMED_BY = ("login", "sis_id", "canvas_id")
# The first column of the grading worksheet that Moodle gives, and what stands before the number in it.
_PARTICIPANT = "identifier"
_PARTICIPANT_NUMBER = re.compile(r"\D+(\d+)")
# `sep=;` tells a spreadsheet how the lines below are separated.
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([^\r\n"\w]?)"?[,;\t ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how a cell is kept from becoming a number or a formula


def read_roster(path: Path) -> Roster:
    """The roster in a file. Raises `ExportError` with a sentence for each line and column that is wrong.

    UTF-8 or UTF-16, with or without a byte order mark; separated by commas, semicolons or tabs. The first line names
    the columns: `student` and any of the others; of a gradebook of Canvas, `named_by` says where the names may be. In
    a grading worksheet of Moodle, the number in `Identifier` is the name of the entry.
    """
    rows = table_rows(path, "roster")
    if not rows:
        raise ExportError(f"{path} is empty; expected a line with the names of the columns: {', '.join(COLUMNS)}.")
    (first, headings), *lines = rows
    headings = [trimmed(heading) for heading in headings]
    of_canvas = _canvas_columns(headings)
    columns, ignored = (of_canvas, ()) if of_canvas else _columns(f"{path}, line {first}", headings)
    if plain_heading(headings[0]) == _PARTICIPANT and columns[0] == "student":
        lines = [(number, [_PARTICIPANT_NUMBER.sub(r"\1", row[0]), *row[1:]]) for number, row in lines]
    people = list(_people(path, columns, lines, of_canvas=bool(of_canvas)))
    found = sorted(roster_problems(people))
    if found:
        raise ExportError(
            problem_lines([f"{path}, line {line}, column {column}: {what}" for line, column, what in found])
        )
    if not people:
        raise ExportError(f"{path} names no learner: there is nothing below the names of the columns.")
    named_by = _CANVAS_NAMED_BY if of_canvas else ("student",)
    return Roster(tuple(people), tuple(sanitized(heading, 60) for heading in ignored), tuple(headings), named_by)


def problem_lines(problems: list[str]) -> str:
    """The sentences, a line each; of many only the first."""
    more = [f"… and {len(problems) - _MOST_PROBLEMS} more."] if len(problems) > _MOST_PROBLEMS else []
    return "\n".join([*problems[:_MOST_PROBLEMS], *more])


def table_rows(path: Path, what: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file that hold anything, each with the number of the line on which it begins.

    `what` the file is to be, for sentences. Raises `ExportError` when it can't be read, or is no table.
    """
    try:
        return _rows(_text(path, what))
    except csv.Error as error:
        raise ExportError(f"{path} is not a table of comma-separated values: {error}.") from None


def _text(path: Path, what: str) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
    except OSError as error:
        raise ExportError(f"The {what} {path} can't be read: {error.strerror or error}.") from None
    if data is None:
        raise ExportError(f"The {what} {path} is larger than {_MOST_BYTES} bytes. Is it the right file?")
    try:
        return data.decode(_encoding(data)).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ExportError(f"{path}, line {line}: expected UTF-8, found other bytes. Save it as CSV in UTF-8.") from None


def _encoding(data: bytes) -> str:
    """UTF-16, which spreadsheets call Unicode text, is known by its mark, or by a zero byte in its first letter."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    return {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get(
        (data[:1] == b"\0", data[1:2] == b"\0"), "utf-8"
    )


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, each with the number of the line on which it begins."""
    before = 0
    separators = _SEPARATORS
    if said := _SEPARATOR_LINE.match(text):
        before = len(said[0].splitlines())
        text = text[said.end() :]
        separators = said[1] + _SEPARATORS
    separator = max(separators, key=lambda each: _understood(text, each))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = before + 1
    for row in reader:
        if any(trimmed(cell) for cell in row):
            rows.append((begins, row))
        begins = before + reader.line_num + 1
    return rows


def _understood(text: str, separator: str) -> tuple[int, int]:
    """How many columns are known when the first line is split here, and how many there are."""
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        if any(trimmed(cell) for cell in row):
            return sum(column_of(cell) in (*COLUMNS, *NAME_PARTS, *_CANVAS) for cell in row), len(row)
    return 0, 0


def _canvas_columns(headings: list[str]) -> list[str]:
    """The column that each heading of a gradebook of Canvas means; empty for any other file."""
    columns: list[str] = []
    for heading in headings:
        column = _CANVAS.get(plain_heading(heading), "")
        columns.append("" if column in columns else column)
    named = "name" in columns or _name_parts(columns)
    return columns if named and "canvas_id" in columns and {"login", "sis_id"} & {*columns} else []


def _columns(place: str, headings: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The column that each heading means, empty for one that is ignored; and the ignored ones."""
    meant = [column_of(heading) for heading in headings]
    if meant[0] == _PARTICIPANT and "student" not in meant:
        meant[0] = "student"
    known = {*COLUMNS, *_name_parts(meant)}
    for number, (column, heading) in enumerate(zip(meant, headings, strict=True)):
        if column in known and column in meant[:number]:
            raise ExportError(f'{place}: two columns mean "{column}"; expected one.')
        near = difflib.get_close_matches(column, COLUMNS, n=1, cutoff=_A_SLIP)
        if column not in known and near:
            raise ExportError(f'{place}: unknown column "{sanitized(heading, 60)}". Did you mean "{near[0]}"?')
    if "student" not in meant:
        found = ", ".join(f'"{sanitized(heading, 60)}"' for heading in headings)
        raise ExportError(
            f'{place}: there is no column "student", which holds the names of the learners\' entries in the '
            f"folder of submissions; found {found}."
        )
    ignored = tuple(heading for column, heading in zip(meant, headings, strict=True) if heading and column not in known)
    return [column if column in known else "" for column in meant], ignored


def _name_parts(columns: list[str]) -> tuple[str, ...]:
    """Those that make a name, where there is no column for the whole of it."""
    if "name" in columns:
        return ()
    parts = NAME_PARTS[:2] if {*NAME_PARTS[:2]} <= {*columns} else NAME_PARTS[2:]
    return tuple(part for part in parts if part in columns)


def _people(path: Path, columns: list[str], lines: list[tuple[int, list[str]]], *, of_canvas: bool) -> Iterator[Person]:
    parts = _name_parts(columns)
    for number, row in lines:
        cells = {column: _value(cell, column) for column, cell in zip(columns, row, strict=False)}
        values = {column: cells.get(column, "") for column in COLUMNS}
        if parts:
            values["name"] = ", ".join(cells[part] for part in parts if cells.get(part))
        if of_canvas:
            # The rows for points and posting, and Canvas's own test student, are no learners.
            if not values["canvas_id"] or values["name"] == "Student, Test":
                continue
            values["student"] = values["login"] or values["sis_id"] or values["canvas_id"]
        if len(row) > len(columns) and any(trimmed(cell) for cell in row[len(columns) :]):
            raise ExportError(
                f"{path}, line {number}: has {len(row)} cells, and the first line names {len(columns)} columns. "
                "A cell that holds the separator must stand in quotes."
            )
        yield Person(**values, line=number)


def _value(cell: str, column: str) -> str:
    """What a cell holds. The name of an entry may begin with a space; all other values are typed by people."""
    kept = _AS_TEXT.fullmatch(trimmed(cell))
    text = kept[1] if kept else plain_cell(cell)
    if column == "student":
        return text
    return trimmed(text) if column in (*TOLD_APART_BY, "variant") else text.strip()
