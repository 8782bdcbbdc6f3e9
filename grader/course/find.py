"""The assignment that somebody asked for."""

from __future__ import annotations

from grader.course.model import Assignment, Course
from grader.errors import CourseError, did_you_mean


def find_assignment(course: Course, wanted: str | None) -> Assignment:
    """The assignment with the id `wanted`; the only one when `wanted` is None.

    Raises CourseError, with the ids there are, when there is no such assignment or when none was named and there are
    several.
    """
    names = list(course.assignments)
    listed = ", ".join(f'"{name}"' for name in names)
    if wanted is None:
        if len(names) == 1:
            return course.assignments[names[0]]
        raise CourseError(f"Say which assignment is meant: the course has {listed}.")
    if wanted in course.assignments:
        return course.assignments[wanted]
    raise CourseError(f'The course has no assignment "{wanted}", it has {listed}.{did_you_mean(wanted, names)}')
