"""Somebody follows CONTRIBUTING to the letter: a lesson and an exercise come of it that are released and graded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent


def follow(page: Any, section: str, course: Any) -> None:
    fences = [fence for fence in page.fences if fence.section == section]
    assert fences
    for fence in fences:
        assert fence.language == "console" or fence.option("file"), (
            f"line {fence.line}: nobody knows what to do with it"
        )
        course.try_out(fence)


def results_of(course: Any, out: str) -> dict[str, dict[str, Any]]:
    lines = (course.folder / out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["student"]: record for record in map(json.loads, lines)}


def test_a_lesson_and_an_exercise_are_added_by_the_steps_in_contributing(
    page: Callable[[str], Any], course_copy: Any
) -> None:
    contributing = page("CONTRIBUTING.md")
    machine = sorted(path for path in (ROOT / "grader").rglob("*.py"))

    follow(contributing, "Add a lesson", course_copy)
    stub = (course_copy.folder / "exercises/vectors/lengths.py").read_text(encoding="utf-8")
    assert 'raise NotImplementedError("normalise is still to do")' in stub
    assert "sqrt" not in stub
    graded = results_of(course_copy, "results/vectors")
    assert {name: record["score"] for name, record in graded.items()} == {"reference": 3, "untouched": 0}
    assert [graded["reference"]["max_score"], graded["reference"]["status"]] == [3, "graded"]

    follow(contributing, "Add an exercise", course_copy)
    reference = results_of(course_copy, "results/vectors-2")["reference"]
    assert {name: each["status"] for name, each in reference["exercises"].items()} == {
        "normalise": "passed",
        "cosine": "passed",
    }
    assert reference["score"] == reference["max_score"] == 5
    assert machine == sorted(path for path in (ROOT / "grader").rglob("*.py"))


@pytest.mark.parametrize("section", ["Add a lesson", "Add an exercise"])
def test_the_lesson_in_contributing_is_no_lesson_of_this_course(section: str, page: Callable[[str], Any]) -> None:
    for fence in page("CONTRIBUTING.md").fences:
        file = fence.option("file")
        if fence.section == section and file and not {"append", "replace"} & set(fence.words):
            assert not (ROOT / file).exists(), file
