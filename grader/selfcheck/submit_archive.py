"""The archive that a learner submits: its name, the same bytes for the same work, and nobody's other file lost."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from grader.core.files import replace_whole, zipped
from grader.core.sanitize import sanitized


class SubmitError(Exception):
    """Nothing can be handed in as asked; the text is for the learner and says what to do."""


ENDING = ".zip"
_MOST_BYTES = 200  # file systems take 255, and things are added to names on their way
# Not possible in the name of a file on Windows: "Naming Files, Paths, and Namespaces" in Microsoft's documentation.
_SIGNS = '<>:"|?*'
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_LEFT_ASIDE = ("__MACOSX", "__pycache__")


def checked_name(given: str) -> str:
    """The name, without an ending `.zip` that somebody typed along. Raises `SubmitError` when no file can have it."""
    name = given.strip()
    if name.lower().endswith(ENDING):
        name = name[: -len(ENDING)].rstrip()
    problem = _problem(name)
    if problem:
        raise SubmitError(
            f'"{sanitized(given, 60)}" can\'t be the name of what you hand in: {problem}. '
            "Give a plain name such as ada: your name in the course."
        )
    return name


def plain_or(name: str, otherwise: str) -> str:
    """A file's own name where every system and archive can have it, else the other one."""
    return otherwise if _problem(name) else name


def _problem(name: str) -> str:
    if not name:
        return "it is empty"
    if "/" in name or "\\" in name:
        return "it holds a slash; it is a name, not a path: the archive is written in the folder that you are in"
    if name.startswith("."):
        return "it begins with a dot, and hidden files are not graded"
    if name.endswith("."):
        return "it ends with a dot"
    signs = [sign for sign in _SIGNS if sign in name]
    if signs:
        return f"it holds {' and '.join(signs)}, which file names can't hold everywhere"
    if sanitized(name, len(name) + 1) != name:
        return "it holds characters that can't be seen"
    if _RESERVED.fullmatch(name) or name in _LEFT_ASIDE:
        return "that name has a meaning of its own on some systems"
    if len(name.encode("utf-8")) > _MOST_BYTES:
        return f"it is longer than {_MOST_BYTES} bytes"
    return ""


_MADE = "made by pytest --submit, lesson "
_MADE_BEFORE = "made by pytest --hand-in, lesson "  # until 0.1

WriteStatus = Literal["written", "replaced", "unchanged"]


def archive_of(files: Mapping[str, bytes], lesson: str, most: int) -> bytes:
    """The archive of these files, which may have `most` bytes; a comment in it says which lesson it is of.

    Raises `SubmitError` when it is too large.
    """
    data = zipped(files, comment=f"{_MADE}{lesson}")
    if len(data) > most:
        raise SubmitError(
            f"What you would hand in has {len(data):,} bytes; at most {most:,} are graded. Hand in your own work only: "
            "in a notebook, clear the outputs and save it."
        )
    return data


def place_for(here: Path, name: str, lesson: str) -> Path:
    """Where the archive is to lie: in the folder `here`; where that holds the learner's archive of another lesson, in a
    folder of the lesson's name."""
    path = here / f"{name}{ENDING}"
    made_for = _lesson_of(path)
    return path if not made_for or made_for == lesson else here / lesson / path.name


def _lesson_of(path: Path) -> str | None:
    """The lesson of which an archive of `archive_of` is; None when there is something else, or nothing."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with zipfile.ZipFile(path) as archive:
            made = archive.comment.decode("utf-8", "replace").replace(_MADE_BEFORE, _MADE, 1)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return None
    return made.removeprefix(_MADE) if made.startswith(_MADE) else None


def refuse_to_lose(path: Path, lesson: str) -> None:
    """Raise `SubmitError` when something lies at `path` that isn't an archive of `archive_of` for the same lesson."""
    if not os.path.lexists(path):
        return
    shown = sanitized(path.name, 80)
    made_for = _lesson_of(path)
    if made_for == lesson:
        return
    what = "was not made by --submit"
    if made_for is not None:
        what = f"holds your work on {sanitized(made_for, 80)}"
    raise SubmitError(
        f"{shown} is there already, and it {what}. It was left alone: move it somewhere else, or hand in from another "
        "folder."
    )


def write_archive(path: Path, data: bytes, lesson: str) -> WriteStatus:
    """Put the archive at `path`, wholly or not at all. Raises `SubmitError` when that can't be done."""
    refuse_to_lose(path, lesson)
    try:
        before = path.read_bytes() if path.exists() else None
        if before == data:
            return "unchanged"
        path.parent.mkdir(exist_ok=True)
        replace_whole(path, [data])
    except OSError as error:
        raise SubmitError(
            f"{sanitized(path.name, 80)} can't be written in {sanitized(path.parent, 200)} "
            f"({error.strerror or error}). "
            "Go to a folder of your own, and give pytest the path of the lessons from there."
        ) from None
    return "replaced" if before is not None else "written"
