"""How a learner begins, on Linux, macOS and Windows: as text, and the same as a page that opens with a double click."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt

from grader.course import Assignment, Course
from grader.words import points

START_TEXT, START_PAGE = "START.md", "START.html"


def start_text(course: Course, assignments: Sequence[Assignment], files: Container[str]) -> str:
    """The text of `START.md`; `files` are the paths of what is handed out with it."""
    lessons = [
        {
            "title": assignment.title,
            "folder": (folder := f"exercises/{assignment.id}"),
            "points": f"{(worth := points(assignment.points))} {'point' if worth == '1' else 'points'}",
            "modules": [f"{module}.py" for module in assignment.modules],
            "page": f"{folder}/lesson.html" if f"{folder}/lesson.html" in files else None,
            "notebook": f"{folder}/lesson.ipynb" if f"{folder}/lesson.ipynb" in files else None,
        }
        for assignment in assignments
    ]
    docs = [page for page in ("docs/self-check.md", "docs/notebook.md") if page in files]
    template = _environment().get_template("START.md.j2")
    return template.render(course=course, lessons=lessons, docs=docs, python=LOWEST)


def start_page(course: Course, text: str) -> str:
    """The same as one HTML file that needs no network."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    css = _environment().get_template("start.css").render()
    return _environment().get_template("START.html.j2").render(title=course.name, css=css, body=body)


LOWEST = "3.11"  # as `requires-python` of the kit has it


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("grader.handout"),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
