"""What the tests of the reports share: a small course and results to render."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.core.assignment import Assignment, Course
from grader.core.records import ExerciseResult, ExerciseStatus, Finding, SubmissionResult, SubmissionStatus
from grader.course.load import load_course

COURSE = """
[course]
id = "small"
name = "A small course"

[assignments.lesson]
title = "The lesson"
devices = ["cpu"]

[assignments.lesson.modules.first]
title = "The first part"

[assignments.lesson.modules.second]
title = "The second part"

[assignments.lesson.exercises.add]
module = "first"
title = "A sum"
points = 2
hints = ["one", "two", "three"]

[assignments.lesson.exercises.mean]
module = "first"
title = "A mean"
points = 3
needs = ["add"]
hints = ["one", "two", "three"]

[assignments.lesson.exercises.plot]
module = "second"
title = "A picture"
points = 5
hints = ["one", "two", "three"]
"""

MakeResult = Callable[..., SubmissionResult]


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with one lesson: `add` and `mean` (needs `add`) in the first module, `plot` in the second."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "course.toml").write_text(COURSE)
    return load_course(folder)


@pytest.fixture(scope="session")
def lesson(course: Course) -> Assignment:
    return course.assignments["lesson"]


@pytest.fixture(scope="session")
def result_of(lesson: Assignment) -> MakeResult:
    """A student's result: passed, but for the exercises that are named with (status, share of the points, finding)."""

    def make(
        student: str = "ada",
        status: SubmissionStatus = SubmissionStatus.GRADED,
        note: str = "",
        **exercises: tuple[ExerciseStatus, float, Finding | None],
    ) -> SubmissionResult:
        made = []
        for id, known in lesson.exercises.items():
            state, share, finding = exercises.get(id, (ExerciseStatus.PASSED, 1.0, None))
            made.append(ExerciseResult(id, state, share * known.points, known.points, (), finding))
        return SubmissionResult(student, status, tuple(made), note)

    return make
