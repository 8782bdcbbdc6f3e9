"""Hints one at a time: `pytest exercises --hint mse`, and the next call shows the next one.

How many of an exercise's hints were shown is kept in `.hints.json` in the lesson's folder. Where nothing can be written
there, all hints are shown at once.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

from grader.selfcheck.course_file import Exercise, Lesson

FILE_NAME = ".hints.json"
WIDTH = 80


class UnknownExercise(Exception):
    """There is no such exercise; the text is a sentence for the reader."""


def hint_text(folder: Path, lessons: Mapping[str, Lesson], wanted: str, command: str) -> str:
    """The next hint of an exercise, of whichever lesson has it. `folder` holds the lessons; `command` starts the
    self-check. Raises `UnknownExercise`."""
    found = [(name, lesson.exercises[wanted]) for name, lesson in lessons.items() if wanted in lesson.exercises]
    if not found:
        known = [each for lesson in lessons.values() for each in lesson.exercises]
        near = difflib.get_close_matches(wanted, known, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else f" There are: {', '.join(known)}."
        raise UnknownExercise(f'There is no exercise "{wanted}".{hint}')
    return "\n".join(_of(folder / lesson, exercise, command) for lesson, exercise in found)


def _of(folder: Path, exercise: Exercise, command: str) -> str:
    path, count = folder / FILE_NAME, len(exercise.hints)
    shown = _shown(path)
    number = shown.get(exercise.id, 0) + 1
    if number > count or not _keep(path, {**shown, exercise.id: number}):
        lines = [f"All {count} hints for {exercise.id}, {exercise.title}:", ""]
        for each, hint in enumerate(exercise.hints, start=1):
            lines += _wrapped(f"{each}. {hint}")
        return "\n".join([*lines, "", f"  Try with: {command} -k {exercise.id}", ""])
    lines = [
        f"Hint {number} of {count} for {exercise.id}, {exercise.title}:",
        "",
        *_wrapped(exercise.hints[number - 1]),
    ]
    lines += ["", f"  Try with:  {command} -k {exercise.id}"]
    lines += [f"  Next hint: {command} --hint {exercise.id}"] if number < count else ["  That was the last one."]
    return "\n".join([*lines, ""])


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _shown(path: Path) -> dict[str, int]:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {name: number for name, number in found.items() if type(number) is int and number >= 0}
    return {}


def _keep(path: Path, shown: Mapping[str, int]) -> bool:
    try:
        path.write_text(json.dumps(shown), encoding="utf-8")
    except OSError:
        return False
    return True
