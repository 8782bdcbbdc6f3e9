"""The listing of what is handed out: every file with its size and its SHA-256, and who may have it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grader
from grader.course import Course


@dataclass(frozen=True)
class Archive:
    """An archive to be handed out: its file name, who may have it, its bytes, and what is in it by path."""

    name: str
    audience: str
    data: bytes
    files: Mapping[str, bytes]


def listing(course: Course, notes: Sequence[str], archives: Sequence[Archive]) -> str:
    """The text of `contents.txt`; `notes` are sentences on how it was made. The same input gives the same text."""
    lines = [f"{course.name} ({course.id})", f"made with version {grader.__version__} of the kit", ""]
    lines += [*notes, ""]
    for archive in archives:
        size = f"{len(archive.files)} files, {sum(map(len, archive.files.values()))} bytes"
        lines += [archive.name, f"  {archive.audience}", f"  {size}", ""]
    lines += ["SHA-256, size in bytes, file", ""]
    lines += [_entry(archive.name, archive.data) for archive in archives]
    for archive in archives:
        lines += ["", f"In {archive.name}:", ""]
        lines += [_entry(path, data) for path, data in sorted(archive.files.items())]
    return "\n".join(lines) + "\n"


def _entry(path: str, data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()} {len(data):>9} {path}"
