"""`feedback/`: a page for each learner, as HTML and as text, and beside it the list of whose page is whose."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from grader.course.model import Assignment, Course
from grader.errors import ResultsError
from grader.records import SubmissionResult
from grader.report.atomic import write_atomically
from grader.report.gradebook import csv_lines, safe_cell
from grader.report.page import page_of
from grader.report.page_html import html_page
from grader.report.page_names import page_names
from grader.report.page_text import text_page

_HEADER = ["student", "html", "text"]


def write_feedback(
    folder: Path,
    index: Path,
    results: Callable[[], Iterable[SubmissionResult]],
    course: Course,
    assignment: Assignment,
) -> None:
    """Writes the pages into `folder` and their list to `index`, which lies outside: learners need not see it.

    The list is also how a later rendering knows which pages we made. It is written before the pages, so that a
    kill in between leaves no page that nobody knows of.
    """
    names = page_names(result.student for result in results())
    files = {student: (f"{name}.html", f"{name}.txt") for student, name in names.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for stale in _made_before(index) - {file for pair in files.values() for file in pair}:
            (folder / stale).unlink(missing_ok=True)
    except OSError as error:
        raise ResultsError(f"{folder} can't be used for the feedback: {error.strerror}.") from error
    write_atomically(index, csv_lines([_HEADER, *([safe_cell(student), *pair] for student, pair in files.items())]))
    for result in results():
        page = page_of(result, course, assignment)
        html, text = files[result.student]
        write_atomically(folder / html, [html_page(page)], durable=False)
        write_atomically(folder / text, [text_page(page)], durable=False)


def _made_before(index: Path) -> set[str]:
    """The files that the list names, as far as they are plain names of pages: it may have been edited since."""
    try:
        with index.open(encoding="utf-8", newline="") as file:
            named = {row.get(column) or "" for row in csv.DictReader(file) for column in _HEADER[1:]}
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        return set()
    return {name for name in named if Path(name).name == name and Path(name).suffix in {".html", ".txt"}}
