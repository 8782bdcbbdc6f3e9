"""What the self-check needs of `course.toml`, read with the standard library alone.

`grader.course` checks the file thoroughly for those who write it; learners have no pydantic, and only read it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.cells.sizes import ARCHIVE_BYTES, MODULE_BYTES, NOTEBOOK_BYTES

FILE_NAME = "course.toml"


class CourseFileError(Exception):
    """`course.toml` is missing or isn't as it must be; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Exercise:
    """One function that a learner writes."""

    id: str
    function: str
    module: str
    title: str
    points: float
    hints: tuple[str, ...]
    needs: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sizes:
    """How many bytes what is handed in may have."""

    module: int = MODULE_BYTES
    notebook: int = NOTEBOOK_BYTES
    archive: int = ARCHIVE_BYTES


@dataclass(frozen=True)
class Lesson:
    """One lesson: its modules (titles by name, in the order in which they may import each other) and exercises.

    `landmarks` are, for each module, the words that begin its part of a notebook.
    """

    id: str
    title: str
    modules: Mapping[str, str]
    exercises: Mapping[str, Exercise]
    landmarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: Sizes = Sizes()


def read_lessons(path: Path) -> dict[str, Lesson]:
    """The lessons of the course, by the name of their folder. Raises `CourseFileError`."""
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
            f"{path} names no lesson: expected a table [assignments.NAME]. Get the course's own again."
        )
    try:
        return {name: _lesson(name, table) for name, table in assignments.items()}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message = f"{path} is not as it must be: {type(error).__name__}: {error}. Replace it by the course's own."
        raise CourseFileError(message) from None


def _lesson(name: str, table: dict[str, Any]) -> Lesson:
    modules = {module: str(each["title"]) for module, each in table["modules"].items()}
    exercises = {key: _exercise(key, each) for key, each in table["exercises"].items()}
    for exercise in exercises.values():
        if exercise.module not in modules:
            raise ValueError(f"{exercise.id} is in a module {exercise.module!r} that the lesson {name} doesn't have")
    landmarks = {
        module: tuple(map(str, each.get("notebook_landmarks", ()))) for module, each in table["modules"].items()
    }
    limits = table.get("limits", {})
    given = {key: int(limits[f"{key}_bytes"]) for key in ("module", "notebook", "archive") if f"{key}_bytes" in limits}
    return Lesson(name, str(table["title"]), modules, exercises, landmarks, Sizes(**given))


def _exercise(key: str, table: dict[str, Any]) -> Exercise:
    hints = tuple(map(str, table["hints"]))
    if not hints:
        raise ValueError(f"{key} has no hint")
    return Exercise(
        id=key,
        function=str(table.get("function", key)),
        module=str(table["module"]),
        title=str(table["title"]),
        points=float(table["points"]),
        hints=hints,
        needs=tuple(table.get("needs", ())),
        forbidden=tuple(table.get("forbidden", ())),
    )
