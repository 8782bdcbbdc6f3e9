"""Every text that a learner is given with an assignment, in passages to search in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from grader.course import Assignment
from grader.errors import ReleaseError
from grader.release.phrases import Passage, without_comments
from grader.release.stubs import plain


class LearnerFile(NamedTuple):
    """A text file: its path from the course's root, its text, and its passages with and without comments."""

    file: str
    text: str
    passages: list[Passage]


def learner_paths(root: Path, assignment: Assignment) -> list[Path]:
    """`course.toml`, the files directly in `exercises/`, and those at any depth in the assignment's own folder."""
    exercises = root / "exercises"
    found = [root / "course.toml", *exercises.glob("*"), *(exercises / assignment.id).rglob("*")]
    return sorted({path for path in found if path.is_file() or path.is_symlink()})


def read_learner_files(root: Path, assignment: Assignment) -> Iterator[LearnerFile]:
    """Those of the learner's files that are text. Raises ReleaseError when one can't be read."""
    for path in learner_paths(root, assignment):
        if not path.is_file():
            continue
        file = path.relative_to(root).as_posix()
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ReleaseError(f"{file} can't be read: {error.strerror or error}.") from None
        if b"\0" not in data:
            text = plain(data.decode("utf-8-sig", errors="replace"))
            yield LearnerFile(file, text, list(_passages(file, text)))


def _passages(file: str, text: str) -> Iterator[Passage]:
    if file.endswith(".ipynb"):
        try:
            notebook = json.loads(text)
        except (ValueError, RecursionError):
            notebook = None
        if isinstance(notebook, dict) and isinstance(notebook.get("cells"), list):
            for number, cell in enumerate(notebook.pop("cells"), start=1):
                yield from _both(f"{file}, cell {number}", "\n".join(_texts(cell)), numbered=False)
            yield Passage(f"{file}, metadata", "\n".join(_texts(notebook)), numbered=False)
            return
    if file.endswith(".html"):  # without its tags, which stand between the words of coloured code
        yield Passage(file, html.unescape(re.sub(r"<[^<>]*>", lambda tag: "\n" * tag[0].count("\n"), text)))
    if file.endswith(".py"):
        yield from _both(file, text, numbered=True)
    else:
        yield Passage(file, text)


def _both(place: str, code: str, *, numbered: bool) -> Iterator[Passage]:
    """The text as it is, in which commented-out code is found, and without comments, which may part copied lines."""
    yield Passage(place, code, numbered=numbered)
    try:
        yield Passage(place, without_comments(code), numbered=numbered)
    except SyntaxError:
        return


def _texts(value: Any) -> Iterator[str]:
    """The strings in a piece of JSON; a list of strings is how notebooks write one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
