"""The functions that a course names are looked for in the reference solutions, where those are present."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.course.load import load_course

COURSE = """\
[course]
id = "c"
name = "C"
[assignments.one]
title = "One"
[assignments.one.modules.basics]
title = "Basics"
[assignments.one.exercises.add]
module = "basics"
title = "Adding"
points = 1
hints = ["h"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "course.toml").write_text(COURSE)
    return tmp_path


def write_solution(root: Path, source: str) -> None:
    folder = root / "solutions" / "one"
    folder.mkdir(parents=True)
    (folder / "basics.py").write_text(source)


def test_without_solutions_nothing_is_looked_for(root):
    assert load_course(root).id == "c"


def test_solutions_with_the_function_are_fine(root):
    write_solution(root, "def add(a, b):\n    return a + b\n")
    assert load_course(root).id == "c"


def test_a_missing_function_is_named_with_a_suggestion(root):
    write_solution(root, "def ad(a, b):\n    return a + b\n")
    with pytest.raises(CourseError) as caught:
        load_course(root)
    assert str(caught.value) == (
        'solutions/one/basics.py defines no function or class "add", which is an exercise in course.toml; found "ad". '
        'Did you mean "ad"?'
    )


def test_a_missing_solution_file_is_named(root):
    (root / "solutions").mkdir()
    with pytest.raises(
        CourseError, match=r'solutions/one/basics\.py is missing, expected the solutions of .* "basics"'
    ):
        load_course(root)


def test_a_solution_that_is_not_python_is_named_with_its_line(root):
    write_solution(root, "x = 1\ndef add(:\n")
    with pytest.raises(CourseError, match=r"solutions/one/basics\.py, line 2: not valid Python"):
        load_course(root)


def test_the_learners_own_modules_are_not_looked_at(root):
    folder = root / "exercises" / "one"
    folder.mkdir(parents=True)
    (folder / "basics.py").write_text("def half a thing")
    assert load_course(root).id == "c"
