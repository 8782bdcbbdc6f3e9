"""What `linear_regression` is worth, by its exercises, as `course.toml` has it now: a lesson may grow."""

from __future__ import annotations

import tomllib
from pathlib import Path

_COURSE = tomllib.loads((Path(__file__).resolve().parents[1] / "course.toml").read_text(encoding="utf-8"))
POINTS: dict[str, float] = {
    name: table["points"] for name, table in _COURSE["assignments"]["linear_regression"]["exercises"].items()
}
TOTAL = sum(POINTS.values())
EXERCISES = list(POINTS)
