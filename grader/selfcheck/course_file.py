"""What the self-check needs of `course.toml`, read with the standard library alone.

`grader.course` checks the file thoroughly for those who write it; learners have no pydantic, and only read it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MODULE_BYTES = 200_000
NOTEBOOK_BYTES = 20_000_000
ARCHIVE_BYTES = 20_000_000


def in_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The names as they are written, but after those that they need. Needs that nobody knows are passed over."""
    done: list[str] = []
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in needs and name not in begun:
            begun.add(name)  # in a circle, some name must come first
            for need in needs[name]:
                visit(need)
            done.append(name)

    for name in needs:
        visit(name)
    return done


FILE_NAME = "course.toml"
SEALED = ".mistakes.json"  # in a lesson's folder: the misconceptions that the self-check knows, sealed


class CourseFileError(Exception):
    """`course.toml` is missing or isn't as it must be; the text is a sentence for the reader."""


@dataclass(frozen=True)
class LearnerExercise:
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

    `landmarks` are, for each module, the words that begin its part of a notebook. `causes` says how much is told of the
    line behind a mistake: with "place", only where it is.
    """

    id: str
    title: str
    modules: Mapping[str, str]
    exercises: Mapping[str, LearnerExercise]
    landmarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: Sizes = Sizes()
    causes: str = "kind"


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
            f"{path} names no assignment: expected a table [assignments.NAME]. Replace it by the course's own."
        )
    try:
        return {name: _lesson(name, table) for name, table in assignments.items()}
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message = f"{path} is not valid: {type(error).__name__}: {error}. Replace it by the course's own."
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
    return Lesson(
        name, str(table["title"]), modules, exercises, landmarks, Sizes(**given), str(table.get("causes", "kind"))
    )


def _exercise(key: str, table: dict[str, Any]) -> LearnerExercise:
    hints = tuple(map(str, table["hints"]))
    if not hints:
        raise ValueError(f"{key} has no hint")
    return LearnerExercise(
        id=key,
        function=str(table.get("function", key)),
        module=str(table["module"]),
        title=str(table["title"]),
        points=float(table["points"]),
        hints=hints,
        needs=tuple(table.get("needs", ())),
        forbidden=tuple(table.get("forbidden", ())),
    )
