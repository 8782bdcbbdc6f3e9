"""What learners get: the course's exercises, the part of the kit that they need, how to begin, and links that work; and
of an assignment with variants, a course for each.

The exercises and the kit are read where the kit lies, as a checkout or as an installed package. How to begin is there
as text and as a page, and the docs are pages.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from html.parser import HTMLParser
from importlib import metadata
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

import grader
from grader.core.assignment import MANIFEST, NOTEBOOK, PAGE, PROGRESS, SEALED, Assignment, Course
from grader.core.due_dates import due_words
from grader.core.errors import PROJECT, ReleaseError
from grader.core.files import read_if_there
from grader.core.labels import points
from grader.course.templates import style, template
from grader.derived.derived_files import write_stubs
from grader.derived.variant_course import VariantCourse, variant_course

START_TEXT, START_PAGE = "START.md", "START.html"
LOWEST = "3.11"  # as `requires-python` of the kit has it
_DOCS = ("docs/self-check.md", "docs/notebook.md")


def learner_pages(course: Course, assignments: Sequence[Assignment], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """`START.md`, `START.html`, and a page for each text in `docs/`; `files` is what is handed out with them."""
    texts = {file: data.decode("utf-8") for file, data in files.items() if file.startswith("docs/")}
    texts = {file: text for file, text in texts.items() if file.endswith(".md")}
    pages = {_page_of(file): _html(text, file, texts, _title(text)) for file, text in texts.items()}
    docs = {_page_of(file): _title(texts[file]) for file in _DOCS if file in texts}
    start = _start(course, assignments, files, docs)
    pages[START_PAGE] = _html(start, START_TEXT, texts, f"{course.name}: how to begin")
    return {file: text.encode() for file, text in {**pages, START_TEXT: start}.items()}


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
            "notebook": f"{folder}/{NOTEBOOK}" if f"{folder}/{NOTEBOOK}" in files else None,
            "due": due_words(assignment.due, course.time_zone) if assignment.due else None,
        }
        for assignment in assignments
    ]
    start = template("grader.authoring", "START.md.j2")
    return start.render(course=course, lessons=lessons, docs=docs, python=LOWEST)


def _page_of(file: str) -> str:
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
        link.attrSet("href", f"{_page_of(path)}{hash_mark}{part}")


# As `tests/test_layers.py` has it: these import torch, NumPy, pytest and the standard library only.
_PACKAGES = ("core", "reading", "sandbox/protocol", "sandbox/inside", "checks", "selfcheck")
_MODULES = ("__init__", "sandbox/__init__")


def learner_machine() -> dict[str, bytes]:
    """The files of `grader/` that learners need, by path: `grader/selfcheck/plugin.py`."""
    folder = Path(grader.__file__).parent
    paths = [folder / f"{module}.py" for module in _MODULES]
    for package in _PACKAGES:
        paths += [path for path in (folder / package).rglob("*") if path.suffix in (".py", ".css")]
    return {f"grader/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in sorted(paths)}


_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#")


def dead_links(files: Mapping[str, bytes]) -> list[str]:
    """A sentence for each link from one of these files, by path, to one that is not among them."""
    folders = {folder for file in files for folder in _folders(file)}
    return [
        f"{file}: the link to {link} leads to nothing that is released."
        for file, link, target in targets(files)
        if target not in files and target not in folders
    ]


def targets(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Each relative link: the file that it is in, the link, and the path to which it leads."""
    for file, data in files.items():
        for link in dict.fromkeys(_links(file, data)):
            path = unquote(re.split(r"[?#]", link)[0])
            if path != PROGRESS and path and not _ELSEWHERE.match(link):
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


_HOME = Path(grader.__file__).resolve().parent.parent


def learner_requirements() -> list[str]:
    """What a learner's part of the kit needs, with its bounds: `numpy>=1.26`. Sorted. Raises ReleaseError."""
    try:
        project = tomllib.loads((_HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if project["name"] == PROJECT:
            return sorted(project["dependencies"])
    except (OSError, ValueError, KeyError):
        pass
    try:
        lines = metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        raise ReleaseError(
            f"The kit's requirements can't be found: expected \"{_HOME / 'pyproject.toml'}\", or {PROJECT} installed."
        ) from None
    return sorted(line for line in lines if "extra ==" not in line)


def requirements_file() -> bytes:
    """A learner's `requirements.txt`. Raises ReleaseError."""
    lines = [
        "# What the exercises need: python -m pip install -r requirements.txt",
        *learner_requirements(),
        "# To work in the notebook with JupyterLab, besides: python -m pip install jupyterlab",
    ]
    return ("\n".join(lines) + "\n").encode()


def licence() -> bytes | None:
    """The kit's licence, which goes wherever its code goes; None when it can't be found."""
    try:
        return (_HOME / "LICENSE").read_bytes()
    except OSError:
        pass
    try:
        files = metadata.files(PROJECT) or []
    except metadata.PackageNotFoundError:
        return None
    return next((path.read_binary() for path in files if path.name == "LICENSE"), None)


NEEDED = ("course.toml", "exercises/conftest.py", "exercises/pytest.ini")
# Hidden files that learners get: how misconceptions show, and what was generated.
_HIDDEN = {SEALED, MANIFEST}
_ASIDE = re.compile(r"\..*|__pycache__|results|.*(\.pyc|\.bak|\.bak-\d+|\.tmp|~)")


def learner_files(root: Path, course: Course, assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """The files of the learners' archive, by their path in it.

    Pages of `docs/` are taken along as far as these files link to them. Raises ReleaseError when something is missing,
    can't be read, or is a link.
    """
    files = {file: _read(root, file) for file in NEEDED}
    exercises = root / "exercises"
    paths = [path for path in exercises.glob("*") if path.is_symlink() or not path.is_dir()]
    for assignment in assignments:
        paths += (exercises / assignment.id).rglob("*")
    for path in sorted(paths):
        file = path.relative_to(root).as_posix()
        if any(part not in _HIDDEN and _ASIDE.fullmatch(part) for part in path.relative_to(exercises).parts):
            continue
        if path.is_symlink():
            raise ReleaseError(f"{file} is a link: only files can be released. Put the file itself there.")
        if not path.is_dir():
            files[file] = _read(root, file)
    for file in _linked_docs(root, files):
        files[file] = _read(root, file)
    files |= learner_machine()
    files["requirements.txt"] = requirements_file()
    files["pytest.ini"] = whole_course_ini(files["exercises/pytest.ini"])
    if (text := licence()) is not None:
        files["LICENSE"] = text
    return files | learner_pages(course, assignments, files)


def whole_course_ini(exercises_ini: bytes) -> bytes:
    """A `pytest.ini` for the course's folder, with which plain `pytest` and `pytest .` there are `pytest exercises`.

    Its options name the folder: pytest then finds the plugin in `exercises/conftest.py` as early as it must.
    """
    section, options = b"[pytest]\n", b"addopts =\n"
    if options not in exercises_ini:
        exercises_ini = exercises_ini.replace(section, section + options, 1)
    return exercises_ini.replace(options, options + b"    exercises\n", 1)


def _read(root: Path, file: str) -> bytes:
    data = read_if_there(root / file)
    if data is None:
        raise ReleaseError(f"{file} is missing: learners need it.")
    return data


def _linked_docs(root: Path, files: dict[str, bytes]) -> Iterator[str]:
    """The pages of `docs/` to which these files link, and those to which these link in turn."""
    known = set(files)
    waiting = dict(files)
    while waiting:
        found = [target for _, _, target in targets(waiting) if posixpath.dirname(target) == "docs"]
        waiting = {}
        for file in found:
            if file not in known and (root / file).is_file():
                known.add(file)
                waiting[file] = _read(root, file)
                yield file


def courses_to_release(
    root: Path, course: Course, assignments: Sequence[Assignment]
) -> list[AbstractContextManager[VariantCourse]]:
    """A course for each variant, with all that is generated; one, where there are none. Raises `ReleaseError` where
    several assignments have variants: archives would have to be made for each variant of one with each of another."""
    varied = [each for each in assignments if each.variants]
    if len(varied) > 1:
        names = ", ".join(each.id for each in varied)
        raise ReleaseError(f"Several assignments have variants: {names}. Release one at a time, with --assignment.")
    chosen = varied[0] if varied else assignments[0]
    return [_to_release(root, course, chosen, name, assignments) for name in chosen.variants or ("",)]


@contextmanager
def _to_release(
    root: Path, course: Course, assignment: Assignment, name: str, assignments: Sequence[Assignment]
) -> Iterator[VariantCourse]:
    from grader.derived.sealing import seal_mistakes  # brings torch along

    with variant_course(root, course, assignment, name, to_release=assignments) as made:
        if not made.is_first:
            write_stubs(made.root, made.assignment)
            # In a process of its own: Python keeps one variant's checks under the names that another's have as well.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                process.submit(seal_mistakes, made.root, made.assignment).result()
        yield made
