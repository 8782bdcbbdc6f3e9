"""A course in a temporary folder that is one lesson with other hidden checks: to try those that are not written yet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.core.assignment import Assignment
from grader.grading.bank import MISTAKES, RIGHT

_LEFT_OUT = {"hidden", MISTAKES, RIGHT, "__pycache__"}


@contextmanager
def draft_course(root: Path, assignment: Assignment, hidden: Mapping[str, str]) -> Iterator[tuple[Path, Assignment]]:
    """Its folder, and the assignment with these exercises alone. `hidden` are the texts of their hidden checks; all
    else is linked to what lies in `root`."""
    root = root.resolve()
    with tempfile.TemporaryDirectory(prefix="grader-draft-") as place:
        folder = Path(place)
        lesson = folder / "solutions" / assignment.id
        (lesson / "hidden").mkdir(parents=True)
        for path in sorted((root / "solutions" / assignment.id).iterdir()):
            if path.name not in _LEFT_OUT:
                (lesson / path.name).symlink_to(path, target_is_directory=path.is_dir())
        if (root / "exercises").is_dir():
            (folder / "exercises").symlink_to(root / "exercises", target_is_directory=True)
        for id, text in hidden.items():
            (lesson / "hidden" / f"test_{id}.py").write_text(text, encoding="utf-8")
        exercises = {id: replace(assignment.exercises[id], needs=()) for id in hidden}
        yield folder, replace(assignment, exercises=exercises)
