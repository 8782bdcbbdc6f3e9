"""`course.toml` as the self-check reads it, with the standard library alone.

`grader.course` checks the file thoroughly for those who write it; learners have no pydantic, and only read it. Keys
that aren't known are passed over, so that a course may be newer than the kit.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from grader.core.assignment import FILE_NAME, Assignment, of_variant


class CourseFileError(Exception):
    """`course.toml` is missing or isn't as it must be; the text is a sentence for the reader."""


class LearnersCourse(NamedTuple):
    """The assignments of a course by the name of their folder, which of them is meant where none is named, where work
    is handed in, and the course's time zone; empty where `course.toml` says nothing of it."""

    lessons: dict[str, Assignment]
    default: str | None
    submit_to: str = ""
    time_zone: str = ""


def read_lessons(path: Path) -> dict[str, Assignment]:
    """The assignments of the course, by the name of their folder. Raises `CourseFileError`."""
    return read_course(path).lessons


def read_course(path: Path) -> LearnersCourse:
    """What `course.toml` says to learners. Raises `CourseFileError`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        message = f"{FILE_NAME} is missing: expected it in {path.parent}. Put it back where the course came with it."
        raise CourseFileError(message) from None
    except (OSError, ValueError, RecursionError) as error:
        raise CourseFileError(f"{path} can't be read: {error}. Replace it by the course's own.") from None
    assignments = tables.get("assignments")
    if not isinstance(assignments, dict) or not assignments:
        raise CourseFileError(
            f"{path} names no assignment: expected a table [assignments.NAME]. Replace it by the course's own."
        )
    try:
        lessons = {name: _lesson(name, table) for name, table in assignments.items()}
        about = tables.get("course", {})
        default, submit_to, zone = (str(about.get(key) or "") for key in ("default", "submit_to", "time_zone"))
        return LearnersCourse(lessons, default if default in lessons else None, submit_to, zone)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message = f"{path} is not valid: {type(error).__name__}: {error}. Replace it by the course's own."
        raise CourseFileError(message) from None


def _lesson(name: str, table: dict[str, Any]) -> Assignment:
    """One assignment; of one with variants, which only authors have, the first."""
    lesson: Assignment = _read(Assignment, {**table, "id": name})
    for exercise in lesson.exercises.values():
        if exercise.module not in lesson.modules:
            raise ValueError(f"{exercise.id} is in a module {exercise.module!r} that the lesson {name} doesn't have")
        if not exercise.hints:
            raise ValueError(f"{exercise.id} has no hint")
    return of_variant(lesson, next(iter(lesson.variants))) if lesson.variants else lesson


def _read(kind: Any, value: Any) -> Any:
    """A value of the file as the type that the course's classes give it, as far as it can be made one."""
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        required = [each.name for each in fields(kind) if each.default is MISSING]
        if missing := [key for key in required if key not in value]:
            raise ValueError(f"{value['id']} has no {missing[0]!r}")
        keys = [key for key in hints if key in value]
        return kind(**{key: _read(hints[key], value[key]) for key in keys})
    if origin in (Annotated, Union, UnionType):  # of a union the first: TOML has no None
        return _read(parts[0], value)
    if origin is dict:
        if not is_dataclass(parts[1]):
            return {key: _read(parts[1], one) for key, one in value.items()}
        return {key: _read(parts[1], {"function": key, **one, "id": key}) for key, one in value.items()}
    if origin is tuple:
        return tuple(_read(parts[0], one) for one in value)
    return kind(value) if kind in (str, int, float) else str(value) if origin is Literal else value
