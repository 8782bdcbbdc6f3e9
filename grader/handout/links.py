"""The relative links of pages, texts and notebooks, and which of them lead nowhere among some files."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#")


def dead_links(files: Mapping[str, bytes]) -> list[str]:
    """A sentence for each link from one of these files, by path, to one that is not among them."""
    folders = {folder for file in files for folder in _folders(file)}
    return [
        f"{file}: the link to {link} leads to nothing that is handed out."
        for file, link, target in targets(files)
        if target not in files and target not in folders
    ]


def targets(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Each relative link: the file that it is in, the link, and the path to which it leads."""
    for file, data in files.items():
        for link in dict.fromkeys(_links(file, data)):
            path = unquote(re.split(r"[?#]", link)[0])
            if path and not _ELSEWHERE.match(link):
                yield file, link, posixpath.normpath(posixpath.join(posixpath.dirname(file), path))


def _folders(file: str) -> Iterator[str]:
    while file := posixpath.dirname(file):
        yield file
    yield "."


def _links(file: str, data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", errors="replace")
    if file.endswith((".html", ".svg")):
        yield from _html_links(text)
    elif file.endswith(".md"):
        yield from _markdown_links(text)
    elif file.endswith(".ipynb"):
        for cell in json.loads(text).get("cells", []):
            if cell.get("cell_type") == "markdown":
                yield from _markdown_links("".join(cell["source"]))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _markdown_links(text: str) -> Iterator[str]:
    yield from _html_links(_parser().render(text))


def _html_links(text: str) -> Iterator[str]:
    found = _Links()
    found.feed(text)
    found.close()
    yield from found.links


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "xlink:href"):
                self.links.append(value or "")
            elif name == "srcset":
                self.links += [each.split()[0] for each in (value or "").split(",") if each.split()]
