"""`grades.csv`: a row for each learner, a column for each exercise, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader import words
from grader.course.model import Assignment
from grader.inert import inert
from grader.records import SubmissionResult
from grader.report.atomic import write_atomically

# What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width forms included.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# What ends a line for some program, or looks like the space between two columns.
_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t", "\u2028": "\\u2028", "\u2029": "\\u2029"})
# What a program takes for the end of a cell. Where the list separator is a semicolon, spreadsheets split `ada;=cmd()`
# there, and the rest begins like a formula.
_TO_QUOTE = re.compile(r'[",;|\s]')
_NAME_LIMIT = 1000


def write_grades(path: Path, results: Iterable[SubmissionResult], assignment: Assignment) -> None:
    """Writes the file; columns are in the course's order."""
    write_atomically(path, csv_lines(_rows(results, list(assignment.exercises))))


def csv_lines(rows: Iterable[list[str]]) -> Iterator[str]:
    """Each row as one line of CSV."""
    for row in rows:
        yield ",".join(map(_quoted, row)) + "\n"


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if _TO_QUOTE.search(cell) else cell


def safe_cell(text: str) -> str:
    """Text that a spreadsheet shows as text: on one line, with an apostrophe before what could be a formula.

    An apostrophe that was there gets another one, so that taking one away always gives the text back.
    """
    one_line = inert(text.translate(_BREAKS), _NAME_LIMIT)
    risky = text.startswith(("'", *_FORMULA)) or text.lstrip().startswith(_FORMULA)
    return f"'{one_line}" if risky else one_line


def _rows(results: Iterable[SubmissionResult], columns: list[str]) -> Iterator[list[str]]:
    yield ["student", "score", "max_score", "status", *columns]
    for result in results:
        scores = {exercise.id: words.points(exercise.score, 4) for exercise in result.exercises}
        totals = [words.points(result.score, 4), words.points(result.max_score, 4)]
        yield [safe_cell(result.student), *totals, result.status.value, *(scores.get(id, "") for id in columns)]
