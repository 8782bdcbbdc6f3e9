"""What a grading depends on, as one digest: results with different digests must not be mixed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from grader.course.model import Assignment


def checks_digest(root: Path, assignment: Assignment) -> str:
    """A digest of the assignment's hidden checks, references, known mistakes and settings."""
    digest = hashlib.sha256(assignment.model_dump_json().encode())
    folder = root / "solutions" / assignment.id
    parts = (path for kind in ("hidden", "mistakes", "right") for path in (folder / kind).rglob("*.py"))
    for path in sorted([*folder.glob("*.py"), *parts]):
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
