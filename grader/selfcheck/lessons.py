"""Which of a course's lessons a command is about: the one whose folder it names, else the one that is in progress."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from grader.core.assignment import MANIFEST, Assignment, Exercise, exercise_meant
from grader.core.sanitize import sanitized
from grader.reading.completion import written
from grader.reading.parsing import parse
from grader.selfcheck.course_file import LearnersCourse
from grader.selfcheck.in_process import read_files
from grader.selfcheck.terminal import command_for


def pointed_at(lessons: Iterable[Assignment], folder: Path, paths: Sequence[Path]) -> list[Assignment]:
    """Those of the lessons that are in `folder`, and that one of the paths is in or around."""
    there = [lesson for lesson in lessons if (folder / lesson.id).is_dir()]
    return [
        each for each in there if any(_is_named(each, folder, path) or _is_around(each, folder, path) for path in paths)
    ]


def named(lessons: Iterable[Assignment], folder: Path, paths: Sequence[Path]) -> list[Assignment]:
    """Those of the lessons whose folder one of the paths is, or is in."""
    return [each for each in lessons if any(_is_named(each, folder, path) for path in paths)]


def in_progress(
    lessons: Sequence[Assignment], folder: Path, paths: Sequence[Path], default: str | None
) -> list[Assignment]:
    """Those of the lessons that are named by a path or have been begun; where none is, the course's default lesson.

    Where there is only one, it is meant, whatever was written in it. Empty where it takes a person to say.
    """
    if len(lessons) < 2:
        return list(lessons)
    wanted = named(lessons, folder, paths)
    begun = [each for each in lessons if each in wanted or is_begun(folder / each.id, each)]
    return begun or [each for each in lessons if each.id == default]


def not_begun_and_in_notebooks(
    course: LearnersCourse, folder: Path, paths: Sequence[Path], keyword: str
) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
    """Of the lessons that pytest is to try with these paths and this `-k`, those of which a line is enough: nothing is
    written in them, and another is in progress. And those others that are written in a notebook."""
    around = pointed_at(course.lessons.values(), folder, paths)
    fitting = [each for each in around if not keyword or keyword in each.exercises]
    shown = in_progress(fitting, folder, paths, course.default) or fitting[:1]
    not_begun = tuple(each for each in fitting if each not in shown)
    others = [each for each in around if each not in not_begun]
    return not_begun, tuple(each for each in others if is_in_a_notebook(folder / each.id, each))


class UnknownExercise(Exception):
    """There is no such exercise, or several; the text is for the reader."""


def find_exercise(
    wanted: str, course: LearnersCourse, folder: Path, paths: Sequence[Path], here: Path
) -> tuple[Assignment, Exercise, str]:
    """An exercise by its name, in the lesson that is meant, and the command that starts the self-check for it.

    Raises `UnknownExercise`.
    """
    every = list(course.lessons.values())
    wanted = exercise_meant(wanted, every)
    there = [each for each in every if (folder / each.id).is_dir()] or every
    around = pointed_at(there, folder, paths) or there
    asked = named(around, folder, paths) or around
    having = [each for each in asked if wanted in each.exercises]
    if not having:
        raise UnknownExercise(_not_found(wanted, asked, there, command_for(folder, here)))
    meant = in_progress(having, folder, paths, course.default)
    if len(meant) != 1:
        ways = [f"  {command_for(folder / each.id, here)} --hint {wanted}" for each in meant or having]
        raise UnknownExercise("\n".join([f"Several lessons have an exercise {wanted}. Say which one is meant:", *ways]))
    lesson = meant[0]
    is_shared = sum(wanted in each.exercises for each in there) > 1
    return lesson, lesson.exercises[wanted], command_for(folder / lesson.id if is_shared else folder, here)


def _not_found(wanted: str, asked: Sequence[Assignment], there: Sequence[Assignment], command: str) -> str:
    shown = sanitized(wanted, 60)
    elsewhere = [each for each in there if wanted in each.exercises]
    if elsewhere:
        where = " or ".join(each.title for each in elsewhere)
        return f'{asked[0].title} has no exercise "{shown}". It is in {where}: {command} --hint {shown}'
    known = list(dict.fromkeys(name for each in asked for name in each.exercises))
    near = difflib.get_close_matches(wanted, known, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else f" There are: {', '.join(known)}."
    return f'There is no exercise "{shown}".{hint}'


def is_begun(folder: Path, lesson: Assignment) -> bool:
    """Whether something was written in a lesson's `folder`, in its modules or in a notebook, or may have been: in a
    file that is missing, or can't be read as it is."""
    return _has_modules_with_work(folder, lesson) or _has_notebook_with_work(folder, lesson)


def is_in_a_notebook(folder: Path, lesson: Assignment) -> bool:
    """Whether nothing was written in a lesson's modules, and something in a notebook beside them."""
    return not _has_modules_with_work(folder, lesson) and _has_notebook_with_work(folder, lesson)


def _has_modules_with_work(folder: Path, lesson: Assignment) -> bool:
    files = read_files(folder, lesson.modules)
    if files.problems:
        return True
    for module, text in files.texts.items():
        if written(text, [each.function for each in lesson.exercises.values() if each.module == module]):
            return True
        with suppress(SyntaxError):
            parse(text)
            continue
        return True
    return False


def _has_notebook_with_work(folder: Path, lesson: Assignment) -> bool:
    try:
        as_handed_out = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        as_handed_out = {}
    for path in folder.glob("*.ipynb"):
        with suppress(OSError, AttributeError):
            digest = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
            if as_handed_out.get(path.name) == digest:
                continue
        from grader.selfcheck.local_work import work_in_notebooks  # takes a moment, and few runs come here

        return any(work.is_begun for work in work_in_notebooks(folder, lesson))
    return False


def _is_named(lesson: Assignment, folder: Path, path: Path) -> bool:
    return path.is_relative_to((folder / lesson.id).resolve())


def _is_around(lesson: Assignment, folder: Path, path: Path) -> bool:
    return (folder / lesson.id).resolve().is_relative_to(path)
