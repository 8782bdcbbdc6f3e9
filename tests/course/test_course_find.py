"""Finding the assignment that was asked for."""

from __future__ import annotations

import pytest

from grader.core.errors import CourseError
from grader.course.model import Course, find_assignment


def course(*names: str) -> Course:
    exercise = {"id": "e", "function": "e", "module": "m", "title": "E", "points": 1, "hints": ("h",)}
    return Course.model_validate(
        {
            "id": "c",
            "name": "C",
            "assignments": {
                name: {
                    "id": name,
                    "title": name,
                    "modules": {"m": {"id": "m", "title": "M"}},
                    "exercises": {"e": exercise},
                }
                for name in names
            },
        }
    )


def test_the_only_assignment_needs_no_name():
    assert find_assignment(course("one"), None).id == "one"


def test_an_assignment_is_found_by_its_name():
    assert find_assignment(course("one", "two"), "two").id == "two"


def test_one_of_several_must_be_named():
    with pytest.raises(CourseError, match='the course has "one", "two"'):
        find_assignment(course("one", "two"), None)


def test_a_misspelt_name_comes_with_the_names_there_are_and_a_suggestion():
    with pytest.raises(CourseError) as caught:
        find_assignment(course("linear", "logistic"), "linaer")
    assert str(caught.value) == (
        'The course has no assignment "linaer", it has "linear", "logistic". Did you mean "linear"?'
    )
