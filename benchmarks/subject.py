"""What is measured: the assignment and its hidden checks. Imports no torch.

The process that measures memory must not hold torch: pages that it shares with what it measures would be counted as
only partly theirs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "linear_regression"
SEED = 20261123


@cache
def functions() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The module of each exercise's function, and what it must not use, from course.toml."""
    exercises = tomllib.loads((ROOT / "course.toml").read_text("utf-8"))["assignments"][ASSIGNMENT]["exercises"]
    return {name: (each["module"], tuple(each.get("forbidden", ()))) for name, each in exercises.items()}


@cache
def check_ids() -> dict[str, list[str]]:
    """The ids of the hidden checks by exercise, found out by a process of its own."""
    printed = subprocess.check_output([sys.executable, "-m", "benchmarks.inprocess"], cwd=ROOT, text=True)
    return json.loads(printed)  # type: ignore[no-any-return]


def number_of_checks() -> int:
    """How many hidden checks there are."""
    return sum(map(len, check_ids().values()))
