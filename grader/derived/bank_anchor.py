"""The part of a lesson's text that an exercise belongs to, by its anchor."""

from __future__ import annotations

import re
from pathlib import Path

from grader.core.assignment import Assignment, Exercise
from grader.core.files import read_if_there

_ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>|<!--\s*exercise:\s*(\w+)\s*-->')


def anchor_of(root: Path, assignment: Assignment, exercise: Exercise) -> str:
    """The last anchor before the exercise in the lesson's text; where there is none, one made of its id."""
    text = (read_if_there(root / "exercises" / assignment.id / "lesson.md") or b"").decode("utf-8", "replace")
    anchor = ""
    for found in _ANCHOR.finditer(text):
        anchor = found[1] or anchor
        if found[2] == exercise.id:
            break
    else:
        anchor = ""
    return anchor or re.sub(r"[^a-z0-9]+", "-", exercise.id.lower()).strip("-") or "exercise"
