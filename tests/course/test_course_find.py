"""Finding the assignment that was asked for."""

from __future__ import annotations

import pytest

from grader.core.assignment import Assignment, Course, Exercise, Module, find_assignment
from grader.core.errors import CourseError


def course(*names: str) -> Course:
    exercise = Exercise(id="e", function="e", module="m", title="E", points=1, hints=("h",))
    modules, exercises = {"m": Module(id="m", title="M")}, {"e": exercise}
    each = {name: Assignment(id=name, title=name, modules=modules, exercises=exercises) for name in names}
    return Course(id="c", name="C", assignments=each)


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
