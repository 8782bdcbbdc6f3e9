"""The class pages of a course's assignments lead to each other, where their results lie in folders around each other.

Each page says of which course and assignment it is. Whoever writes one also writes the links in the others, unless
those are being graded just now: they find this one when they are written.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from grader.core.errors import ResultsError
from grader.core.files import write_report
from grader.results.store import FILE

_NAME = "class.html"
_MOST = 50
_START, _END = "<!-- other assignments -->", "<!-- end of other assignments -->"
_LINKS = re.compile(f"{_START}.*?{_END}", re.DOTALL)
_MARKS = re.compile(
    r'<meta name="course" content="([^"]*)">\n<meta name="assignment" content="([^"]*)">\n<title>([^<]*): the class'
)


@dataclass(frozen=True)
class ClassPage:
    """A class.html, and what it says of itself."""

    path: Path
    course: str
    assignment: str
    title: str


def link_pages(path: Path) -> None:
    """Write into the class page at `path` the links to the others, and into each of them the links to its own others.

    A page that can't be read or written stays as it is, and so does one whose results are in use.
    """
    page = _page(path)
    if page is None:
        return
    _write_links(page)
    for other in _others(page):
        with suppress(sqlite3.Error), closing(_unused(other.path.with_name(FILE))):
            _write_links(other)


def _others(page: ClassPage) -> list[ClassPage]:
    """Those of other assignments of the same course: in the folder above, beside, and below."""
    folder = page.path.absolute().parent
    around = [folder.parent, *_folders(folder.parent), *_folders(folder)]
    pages = (_page(each / _NAME) for each in around[: 20 * _MOST] if each != folder)
    found = [each for each in pages if each and each.course == page.course and each.assignment != page.assignment]
    return sorted(found, key=lambda each: (each.title, str(each.path)))[:_MOST]


def _links_html(pages: Iterable[ClassPage], folder: Path) -> Markup:
    """The links as a page in `folder` has them, with the marks by which they are found again."""
    found = list(pages)
    titles = Counter(each.title for each in found)
    rows = [
        Markup('<li><a href="{}">{}</a></li>').format(
            quote(os.path.relpath(each.path, folder)),
            f"{each.title} ({each.path.parent.name})" if titles[each.title] > 1 else each.title,
        )
        for each in found
    ]
    nav = Markup('\n<nav aria-label="Other assignments"><ul>\n<li>Other assignments:</li>\n{}\n</ul></nav>\n').format(
        Markup("\n").join(rows)
    )
    return Markup(_START) + (nav if rows else "") + Markup(_END)


def _write_links(page: ClassPage) -> None:
    with suppress(OSError, UnicodeDecodeError, ResultsError):
        before = page.path.read_text(encoding="utf-8")
        links = _links_html(_others(page), page.path.absolute().parent)
        after = _LINKS.sub(lambda _: str(links), before, count=1)
        if after != before:
            write_report(page.path, [after])


def _unused(database: Path) -> sqlite3.Connection:
    """Until it is closed, nobody else writes what belongs to these results. Raises `sqlite3.Error` if somebody does."""
    connection = sqlite3.connect(f"file:{quote(str(database))}?mode=rw", uri=True, timeout=0.0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except BaseException:
        connection.close()
        raise
    return connection


def _folders(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(Path(each.path) for each in os.scandir(folder) if each.is_dir())


def _page(path: Path) -> ClassPage | None:
    with suppress(OSError, UnicodeDecodeError):
        with path.open(encoding="utf-8") as file:
            found = _MARKS.search(file.read(4096))
        if found:
            return ClassPage(path, *map(unescape, found.groups()))
    return None
