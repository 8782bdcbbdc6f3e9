"""What learners read of the course besides its lessons: how to begin, as text and as a page, and the docs as pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.core.assignment import PAGE, Assignment, Course
from grader.core.labels import points
from grader.course.templates import style, template

START_TEXT, START_PAGE = "START.md", "START.html"
LOWEST = "3.11"  # as `requires-python` of the kit has it
_DOCS = ("docs/self-check.md", "docs/notebook.md")


def learner_pages(course: Course, assignments: Sequence[Assignment], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """`START.md`, `START.html`, and a page for each text in `docs/`; `files` is what is handed out with them."""
    texts = {file: data.decode("utf-8") for file, data in files.items() if file.startswith("docs/")}
    texts = {file: text for file, text in texts.items() if file.endswith(".md")}
    pages = {_page(file): _html(text, file, texts, _title(text)) for file, text in texts.items()}
    docs = {_page(file): _title(texts[file]) for file in _DOCS if file in texts}
    start = _start(course, assignments, files, docs)
    pages[START_PAGE] = _html(start, START_TEXT, texts, f"{course.name}: how to begin")
    return {file: text.encode() for file, text in {**pages, START_TEXT: start}.items()}


def due_words(due: datetime, zone: str | None) -> str:
    """When something is due, in the course's time zone where it has one: `Monday, 14 December 2026, 23:59 (UTC)`."""
    local = due.astimezone(ZoneInfo(zone)) if zone else due
    where = zone or ("UTC" if local.utcoffset() == timedelta(0) else f"UTC{local.isoformat()[-6:]}")
    return f"{local:%A}, {local.day} {local:%B} {local.year}, {local:%H:%M} ({where})"


def _start(course: Course, assignments: Sequence[Assignment], files: Container[str], docs: Mapping[str, str]) -> str:
    lessons = [
        {
            "id": assignment.id,
            "title": assignment.title,
            "variant": assignment.variant,
            "folder": (folder := f"exercises/{assignment.id}"),
            "points": f"{(worth := points(assignment.points))} {'point' if worth == '1' else 'points'}",
            "modules": [f"{module}.py" for module in assignment.modules],
            "page": f"{folder}/{PAGE}" if f"{folder}/{PAGE}" in files else None,
            "notebook": f"{folder}/lesson.ipynb" if f"{folder}/lesson.ipynb" in files else None,
            "due": due_words(assignment.due, course.time_zone) if assignment.due else None,
        }
        for assignment in assignments
    ]
    start = template("grader.authoring", "START.md.j2")
    return start.render(course=course, lessons=lessons, docs=docs, python=LOWEST)


def _page(file: str) -> str:
    """The page that is made of a text."""
    return f"{file.removesuffix('.md')}.html"


def _title(text: str) -> str:
    return next((line[2:] for line in text.splitlines() if line.startswith("# ")), "")


def _html(text: str, file: str, texts: Mapping[str, str], title: str) -> str:
    """A text as one HTML file that needs no network. Its headings have the names that links give them, and links to
    other texts of which there are pages lead to these."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for heading, content in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", _anchor(content.content))
        for token in heading.children or ():
            if token.type == "link_open":
                _lead_to_a_page(token, file, texts)
    body = parser.renderer.render(tokens, parser.options, {})
    page = template("grader.authoring", "START.html.j2")
    return page.render(title=title, css=style("grader.authoring", "start.css"), body=body)


def _anchor(heading: str) -> str:
    """As code hosts make it: small letters, no marks, a hyphen for each space."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _lead_to_a_page(link: Token, file: str, texts: Mapping[str, str]) -> None:
    path, hash_mark, part = str(link.attrGet("href")).partition("#")
    if posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) in texts:
        link.attrSet("href", f"{_page(path)}{hash_mark}{part}")
