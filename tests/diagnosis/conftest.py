"""A small lesson with a bank of its own, and the real one."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, find_assignment
from grader.course.load import load_course

COURSE = """
[course]
id = "c"
name = "C"

[assignments.sums]
title = "Sums"

[assignments.sums.modules.sums]
title = "Sums"

[assignments.sums.exercises.total]
title = "The total"
module = "sums"
points = 4
hints = ["h"]
"""
SOLUTION = '''
"""Sums."""


def total(numbers):
    """The sum of a list of numbers."""
    ### BEGIN SOLUTION
    return float(sum(numbers))
    ### END SOLUTION
'''
CHECKS = '''
"""Checks of `total`."""

from grader.checks import check


@check("total", points=1)
def test_values(student, draw):
    """adds up all numbers"""
    lists = [[draw.number(1, 9) for _ in range(count)] for count in (3, 1, 5)]
    for outcome, numbers in [(student.total(numbers), numbers) for numbers in lists]:
        outcome.returns(float(sum(numbers)), what="the sum")
'''
LESSON = """
# Sums

<a id="adding"></a>
## Adding *up*

Text.
"""
MISTAKES = {
    "first_only": ("Only the first number.", "You give the first number. Add the others to it.", "return numbers[0]"),
    "mean": ("The mean.", "That is the mean. The sum is asked for.", "return sum(numbers) / len(numbers)"),
    "last_left_out": ("One too few.", "The last number is left out.", "return float(sum(numbers[:-1]))"),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def mistake(title: str, says: str, body: str, lesson: str = "adding", more: str = "") -> str:
    doc = f'"""{title}\n\nShows: Other numbers.\nSays: {says}\nLesson: {lesson}\n"""\n'
    return f"{doc}\n\ndef total(numbers):\n    {body}\n{more}"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one exercise and three misconceptions."""
    write(tmp_path / "course.toml", COURSE)
    lesson = tmp_path / "solutions" / "sums"
    write(lesson / "sums.py", SOLUTION)
    write(lesson / "hidden" / "test_total.py", CHECKS)
    write(tmp_path / "exercises" / "sums" / "checks" / "test_total.py", CHECKS)
    write(tmp_path / "exercises" / "sums" / "lesson.md", LESSON)
    for name, parts in MISTAKES.items():
        write(lesson / "mistakes" / "total" / f"{name}.py", mistake(*parts))
    return tmp_path


@pytest.fixture
def assignment_of() -> Callable[[Path], Assignment]:
    """The only assignment of a course."""
    return lambda root: find_assignment(load_course(root), None)
