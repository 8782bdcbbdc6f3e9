"""`class.html`: what a class got wrong, on one page for the instructor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from markupsafe import Markup

from grader.core.files import write_report
from grader.core.records import SubmissionResult
from grader.core.sanitize import sanitized
from grader.course.model import Assignment, Course
from grader.course.templates import hash_of_style, style, template, with_code
from grader.results.cause_groups import cause_groups
from grader.results.data_files import mistakes_made


def write_class_page(
    path: Path, results: Callable[[], Iterable[SubmissionResult]], course: Course, assignment: Assignment
) -> None:
    """Writes the page. `results` gives the results afresh each time it is called. Raises `ResultsError`."""
    write_report(path, [class_html(results, course, assignment)])


def class_html(results: Callable[[], Iterable[SubmissionResult]], course: Course, assignment: Assignment) -> str:
    """The page; everything in it is escaped."""
    css = style("grader.results", "feedback.css") + style("grader.results", "class.css")
    page = template("grader.results", "class.html", code=with_code, shown=_shown)
    return page.render(
        course=course.name,
        assignment=assignment.title,
        submissions=sum(1 for _ in results()),
        made=mistakes_made(results()),
        groups=cause_groups(results()),
        css=Markup(css),
        css_hash=hash_of_style(css),
    ).removesuffix("\n")


def _shown(text: str) -> str:
    return sanitized(text, 600)
