"""The course's default lesson alone, or with one more, for tests that make a course of these: whatever else it has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_TEXT = (_ROOT / "course.toml").read_text(encoding="utf-8")
_COURSE = tomllib.loads(_TEXT)
_KEPT = _COURSE["course"]["default"]
OTHER_LESSONS = sorted(set(_COURSE["assignments"]) - {_KEPT})
_COMMENTS = r"(?:#[^\n]*\n)*"


def one_lesson(*more: str) -> str:
    """The text of `course.toml`, without the tables of all other lessons but these."""
    other = rf"(?ms)^{_COMMENTS}\[assignments\.(?!(?:{'|'.join([_KEPT, *more])})\b).*?(?=^{_COMMENTS}\[|\Z)"
    return re.sub(other, "", _TEXT).rstrip("\n") + "\n"
