"""A course in a temporary folder that is one lesson with other hidden checks: to try those that are not written yet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.core.assignment import Assignment, Exercise
from grader.grading.bank import MISTAKES, RIGHT

_LEFT_OUT = {"hidden", MISTAKES, RIGHT, "__pycache__"}


@contextmanager
def draft_course(
    root: Path, assignment: Assignment, exercise: Exercise, hidden: str
) -> Iterator[tuple[Path, Assignment]]:
    """Its folder, and the assignment with this exercise alone. `hidden` is the text of its hidden checks; all else is
    linked to what lies in `root`."""
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
        (lesson / "hidden" / f"test_{exercise.id}.py").write_text(hidden, encoding="utf-8")
        yield folder, replace(assignment, exercises={exercise.id: replace(exercise, needs=())})
