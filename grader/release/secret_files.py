"""The files that no learner may have: copies of what lies in `solutions`, and what is called like a known mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.course import Assignment
from grader.release.files import read_if_there

SMALLEST = 40  # bytes; smaller files, such as empty ones, are the same everywhere


@dataclass(frozen=True)
class SecretFiles:
    """Digest -> path of all files of some lessons' solutions; name without ending -> path of their known mistakes."""

    digests: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)

    def original_of(self, data: bytes) -> str | None:
        """The solution's file of which this is a copy."""
        return self.digests.get(_digest(data)) if len(data) >= SMALLEST else None

    def mistake_called(self, file: str) -> str | None:
        """The known mistake that is called like this file."""
        return self.mistakes.get(PurePosixPath(file).stem)


def secret_files_of(root: Path, assignments: Iterable[Assignment]) -> SecretFiles:
    """What is there to be kept back. Raises ReleaseError when a file can't be read."""
    from grader.diagnosis.bank import MISTAKES  # it imports torch, which stubs don't need

    kept = SecretFiles()
    for assignment in assignments:
        folder = root / "solutions" / assignment.id
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            file = path.relative_to(root).as_posix()
            data = read_if_there(path) or b""
            kept.digests.setdefault(_digest(data), file)
            if path.is_relative_to(folder / MISTAKES) and path.suffix == ".py":
                kept.mistakes.setdefault(path.stem, file)
    return kept


def _digest(data: bytes) -> str:
    return hashlib.sha256(data.replace(b"\r\n", b"\n").strip()).hexdigest()
