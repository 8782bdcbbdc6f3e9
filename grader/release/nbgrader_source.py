"""What nbgrader makes its release of: a notebook with solutions, and what a learner's notebook needs beside it."""

from __future__ import annotations

from pathlib import Path

from grader.course import Assignment
from grader.errors import LessonError
from grader.lesson import nbgrader_notebook
from grader.release.derived import LESSON, lesson_text
from grader.release.files import read_if_there
from grader.release.learner_machine import learner_machine
from grader.release.stubs import read_solution


def nbgrader_source(root: Path, assignment: Assignment) -> dict[str, bytes]:
    """The files for nbgrader's folder `source/<assignment>/`, by path from there.

    `<assignment>.ipynb` holds the solutions between their markers, and is for nobody but instructors. The others are
    for learners, so that the visible checks run beside the notebook without a network: `course.toml`, `exercises/` with
    the checks and the sealed words for known mistakes, the learner's part of `grader/`, and `figures/`. nbgrader hands
    them out as they are.

    Raises ReleaseError when the lesson has no text, or something can't be read or made.
    """
    from grader.selfcheck.known_mistakes import FILE_NAME as SEALED  # it imports torch, which stubs don't need

    lesson = lesson_text(root, assignment)
    if lesson is None:
        raise LessonError(f"exercises/{assignment.id}/{LESSON} is missing: nbgrader's notebook is made of it.")
    solutions = {each.id: read_solution(root, assignment, each) for each in assignment.modules.values()}
    folder = root / "exercises" / assignment.id
    files = {f"{assignment.id}.ipynb": nbgrader_notebook(lesson, assignment, solutions).encode()}
    files["course.toml"] = _read(root, "course.toml")
    files["exercises/pytest.ini"] = _read(root, "exercises/pytest.ini")
    beside = [path for path in (folder / SEALED,) if path.is_file()]
    for path in [*beside, *sorted((folder / "checks").rglob("*.py"))]:
        file = path.relative_to(root).as_posix()
        files[file] = _read(root, file)
    for figure in lesson.figures:
        files[figure.path] = _read(root, f"exercises/{assignment.id}/{figure.path}")
    return files | learner_machine()


def _read(root: Path, file: str) -> bytes:
    data = read_if_there(root / file)
    if data is None:
        raise LessonError(f"{file} is missing: nbgrader's notebook needs it beside it.")
    return data
