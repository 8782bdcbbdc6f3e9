"""The archive that is handed in: a few plain files, the same bytes for the same work, and nobody's other file lost."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from grader.inert import inert
from grader.selfcheck.handing_in.problem import HandInError

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
_UNIX = 3
_MADE = "made by pytest --hand-in, lesson "

Fate = Literal["written", "replaced", "unchanged"]


def archive_of(files: Mapping[str, bytes], lesson: str, most: int) -> bytes:
    """The archive of these files, which may have `most` bytes; a comment in it says which lesson it is of.

    Stored, not compressed: no zlib packs like every other, and what unpacks to much more than itself is refused by the
    grading. Raises `HandInError` when it is too large.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = f"{_MADE}{lesson}".encode()
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    data = target.getvalue()
    if len(data) > most:
        raise HandInError(
            f"What you would hand in has {len(data):,} bytes; at most {most:,} are graded. Hand in your own work only: "
            "in a notebook, clear the outputs and save it."
        )
    return data


def refuse_to_lose(path: Path, lesson: str) -> None:
    """Raise `HandInError` when something lies at `path` that isn't an archive of `archive_of` for the same lesson."""
    if not os.path.lexists(path):
        return
    shown = inert(path.name, 80)
    try:
        if path.is_symlink() or not path.is_file():
            raise ValueError
        with zipfile.ZipFile(path) as archive:
            made = archive.comment.decode("utf-8", "replace")
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        made = ""
    if made == f"{_MADE}{lesson}":
        return
    what = "was not made by --hand-in"
    if made.startswith(_MADE):
        what = f"holds your work on {inert(made.removeprefix(_MADE), 80)}"
    raise HandInError(
        f"{shown} is there already, and it {what}. It was left alone: move it somewhere else, or hand in from another "
        "folder."
    )


def write_archive(path: Path, data: bytes, lesson: str) -> Fate:
    """Put the archive at `path`, wholly or not at all. Raises `HandInError` when that can't be done."""
    refuse_to_lose(path, lesson)
    part = path.with_name(f".{path.name}.part")
    try:
        before = path.read_bytes() if path.exists() else None
        if before == data:
            return "unchanged"
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise HandInError(
            f"{inert(path.name, 80)} can't be written in {inert(path.parent, 200)} ({error.strerror or error}). "
            "Go to a folder of your own, and give pytest the path of the lessons from there."
        ) from None
    return "replaced" if before is not None else "written"
