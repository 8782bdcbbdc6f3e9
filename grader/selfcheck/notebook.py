"""`check`, for notebooks: the self-check of one exercise, or of all, on the functions that the notebook defines.

from grader.selfcheck.notebook import check

check("mse")
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grader.inert import inert
from grader.selfcheck.course_file import FILE_NAME, CourseFileError, Lesson, read_lessons
from grader.selfcheck.panel import Panel


def check(exercise: str | Callable[..., Any] | None = None, *, hints: bool = False, lesson: str = "") -> Panel:
    """Look at one exercise, by its name or its function; at all of the lesson when none is named.

    The functions are those of the notebook from which this is called, as they are defined at this moment. `hints` shows
    all hints. `lesson` names the lesson where a course has several and the notebook isn't in the lesson's folder.

    Nothing is raised: what goes wrong is said in the panel. An interruption of the kernel ends it.
    """
    names = sys._getframe(1).f_globals
    try:
        return _looked(_wanted(exercise), hints, lesson, names)
    except CourseFileError as error:
        return Panel(notice=str(error))
    except KeyboardInterrupt:
        return Panel(notice="Stopped: you interrupted it.")


def _looked(wanted: str, hints: bool, lesson: str, names: Mapping[str, Any]) -> Panel:
    from grader.selfcheck.session import look  # brings pytest along, which takes a moment

    course = _course()
    chosen = _lesson(course, read_lessons(course / FILE_NAME), lesson, wanted)
    if isinstance(chosen, str):
        return Panel(notice=chosen)
    if not wanted:
        found = look(course, chosen, set(chosen.exercises), names)
        return Panel(chosen, tuple(found.standing), {}, found.trouble, whole=True, all_hints=hints)
    if wanted not in chosen.exercises:
        return Panel(notice=_unknown(wanted, chosen))
    asked = chosen.exercises[wanted]
    # With what it needs, so that a mistake is named where it was made.
    found = look(course, chosen, {wanted, *asked.needs}, names)
    standing = tuple(each for each in found.standing if each.exercise.id == wanted)
    trouble = found.trouble or ("" if standing else f"There are no checks of {wanted} here.")
    curves = {name: curve for name, curve in found.curves.items() if name == asked.function}
    return Panel(chosen, standing, curves, trouble, all_hints=hints)


def _wanted(exercise: object) -> str:
    if exercise is None or isinstance(exercise, str):
        return exercise or ""
    return inert(getattr(exercise, "__name__", type(exercise).__name__), 100)


def _course() -> Path:
    """The course's folder: the nearest one above the notebook, or else that in which this machine lies."""
    here = Path.cwd()
    places = [here, *here.parents, Path(__file__).resolve().parents[2]]
    for place in places:
        if (place / FILE_NAME).is_file() and (place / "exercises" / "pytest.ini").is_file():
            return place
    raise CourseFileError(
        f"The course was not found: expected {FILE_NAME} and the folder exercises in {here} or above it. "
        "Open the notebook in the course's folder, where it came with it."
    )


def _lesson(course: Path, lessons: dict[str, Lesson], named: str, wanted: str) -> Lesson | str:
    """The lesson that is meant, or a sentence."""
    if named:
        return lessons.get(named) or f'There is no lesson "{inert(named, 60)}", expected one of {", ".join(lessons)}.'
    here = Path.cwd()
    around = [each for name, each in lessons.items() if here.is_relative_to(course / "exercises" / name)]
    there = [each for name, each in lessons.items() if (course / "exercises" / name / "checks").is_dir()]
    fitting = around or there
    if len(fitting) > 1:
        fitting = [each for each in fitting if wanted in each.exercises] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return f"There are no checks here: expected exercises/LESSON/checks in {course}."
    several = ", ".join(f'"{each.id}"' for each in fitting)
    return f'Say which lesson is meant, one of {several}: check("{wanted}", lesson="{fitting[0].id}").'


def _unknown(wanted: str, lesson: Lesson) -> str:
    near = difflib.get_close_matches(wanted, lesson.exercises, n=1, cutoff=0.6)
    hint = f' Did you mean check("{near[0]}")?' if near else ""
    return f'There is no exercise "{inert(wanted, 60)}".{hint} The exercises are: {", ".join(lesson.exercises)}.'
