"""`variant("axis")`, by which an author's code asks for a parameter of an assignment that has variants.

What learners get and what is graded is made for one variant: there, a value stands in place of each call. In the
author's own folders, which `pytest exercises` checks as they are, it is the value of the first variant.
"""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from grader.core.assignment import FILE_NAME
from grader.core.errors import CourseError, did_you_mean


def variant(name: str) -> Any:
    """The value of a parameter. Raises `CourseError` when the caller's file is in no assignment with variants, or these
    have no such parameter."""
    file = Path(sys._getframe(1).f_code.co_filename)
    lesson, parameters = _parameters(file)
    if name not in parameters:
        known = list(parameters)
        raise CourseError(
            f'{file.name}: variant("{name}"): the variants of {lesson} have no parameter of this name, they have '
            f"{', '.join(known)}.{did_you_mean(name, known)}"
        )
    return parameters[name]


@cache
def _parameters(file: Path) -> tuple[str, dict[str, Any]]:
    """The assignment that a file is of, and the parameters of its first variant."""
    for folder in file.parents:
        if (folder / FILE_NAME).is_file():
            lesson = file.relative_to(folder).parts[1]
            tables = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8-sig"))
            variants = tables.get("assignments", {}).get(lesson, {}).get("variants")
            if variants:
                return lesson, next(iter(variants.values()))
            raise CourseError(f"{file.name} asks for variant(), and {lesson} has no [assignments.{lesson}.variants].")
    raise CourseError(f"{file.name} asks for variant(), and no folder around it has a {FILE_NAME}.")
