"""`grader check` shows the course on lines that fit, and says in the words of the audit what would fail there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.hints import hint_problems
from grader.course.load import load_course

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The course of this repository, and nothing of its lessons but what `check` reads."""
    for folder in ("exercises", "solutions"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.bak*"))
    shutil.copy(ROOT / "course.toml", tmp_path)
    return tmp_path


def test_every_exercise_has_one_line_and_what_is_due_has_its_time_zone(course: Path, kit: Callable[..., Any]) -> None:
    run = kit("check", cwd=course)
    assert run.code == 0, run.text
    lines = run.stdout.splitlines()
    for assignment in load_course(course).assignments.values():
        for exercise in assignment.exercises.values():
            said = [line for line in lines if re.search(rf"\b{exercise.id}  +\S+  {re.escape(exercise.title)}", line)]
            assert said, exercise.id
            assert all(need in said[0] for need in exercise.needs)
    assert sum(bool(re.search(r", due \w+, \d+ \w+ \d{4}, \d\d:\d\d \(UTC\)$", line)) for line in lines) == 2
    assert max(len(line) for line in lines if line.startswith("    ")) <= 100
    assert lines[-1] == "course.toml is in order."


def test_what_the_audit_finds_in_hints_is_said_in_the_same_words(course: Path, kit: Callable[..., Any]) -> None:
    file = course / "course.toml"
    text, count = re.subn(r"(?m)^(hints = \[\n.*\n.*\n).*\n(?=\])", r"\1", file.read_text(encoding="utf-8"), count=2)
    assert count == 2
    file.write_text(text, encoding="utf-8")
    expected = [said for assignment in load_course(course).assignments.values() for said in hint_problems(assignment)]
    assert len(expected) == 2
    run = kit("check", cwd=course)
    assert run.code == 0, "it can be graded all the same"
    assert "The audit will ask for more:\n" + "\n".join(expected) + "\n" in run.stdout
