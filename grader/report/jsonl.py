"""`results.jsonl`: one JSON object for each submission, sorted by student."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader import words
from grader.records import ExerciseResult, SubmissionResult
from grader.report.atomic import write_atomically

# Beyond printable ASCII there are characters that end lines (U+2028), steer terminals (U+009B) or reorder text
# (U+202E). Inside JSON they can be written as escapes, which loses nothing.
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]")
_ESCAPED = {"Cc", "Cf", "Zl", "Zp"}


def write_jsonl(path: Path, results: Iterable[SubmissionResult]) -> None:
    """Writes the file; `results` come sorted by student and are held one at a time."""
    write_atomically(path, (json_line(result) + "\n" for result in results))


def json_line(result: SubmissionResult) -> str:
    """One submission as one line, without its line feed."""
    record = {
        "student": result.student,
        "status": result.status.value,
        "score": _number(result.score),
        "max_score": _number(result.max_score),
        "exercises": {exercise.id: _exercise(exercise) for exercise in result.exercises},
        "note": result.note,
    }
    if result.trusted:
        record["trusted"] = True
    overrides = {exercise.id: _override(exercise) for exercise in result.overridden}
    if overrides:
        record["overrides"] = overrides
    return _BEYOND_ASCII.sub(_safe, json.dumps(record, ensure_ascii=False, allow_nan=False))


def _exercise(exercise: ExerciseResult) -> dict[str, Any]:
    return {
        "score": _number(exercise.score),
        "max_score": _number(exercise.max_score),
        "status": exercise.status.value,
        "misconception": exercise.misconception,
        "feedback": "\n".join(text for text in (words.set_by_a_person(exercise), exercise.feedback) if text),
        "checks": [
            {
                "id": check.id,
                "status": check.status.value,
                "points": _number(check.points),
                "max_points": _number(check.max_points),
            }
            for check in exercise.checks
        ],
    }


def _override(exercise: ExerciseResult) -> dict[str, Any]:
    override, checked = exercise.override, exercise.as_checked()
    assert override is not None
    return {
        "points": _number(override.points),
        "reason": override.reason,
        "by": override.by,
        "at": override.at,
        "checks_score": _number(checked.score),
        "checks_status": checked.status.value,
    }


def _number(value: float) -> float:
    """A JSON number whatever comes: JSON has no NaN, and a reader may not like -0.0."""
    return round(float(value), 4) + 0.0 if math.isfinite(value) else 0.0


def _safe(match: re.Match[str]) -> str:
    char = match.group()
    category = unicodedata.category(char)
    if category == "Cs":  # not a character: as the text \udc80, like everywhere else in the kit
        return rf"\\u{ord(char):04x}"
    return json.dumps(char)[1:-1] if category in _ESCAPED else char
