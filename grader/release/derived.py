"""The files of an assignment that are derived from others: stubs, and of a `lesson.md` the notebook and the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.course import Assignment
from grader.errors import LessonError
from grader.lesson import LessonText, learner_notebook, page, read_lesson
from grader.release.files import read_if_there
from grader.release.stubs import make_stub, read_solution, solution_file, stub_file

LESSON, NOTEBOOK, PAGE = "lesson.md", "lesson.ipynb", "lesson.html"


@dataclass(frozen=True)
class DerivedFile:
    """A file for learners: its path from the course's root, its text, and the file to change it in, for the reader."""

    file: str
    text: str
    source: str


def derived_files(root: Path, assignment: Assignment) -> list[DerivedFile]:
    """The stub of each module; and the notebook and the page, if the lesson has a text.

    Raises ReleaseError when something can't be read, or is not as it must be.
    """
    modules = assignment.modules.values()
    stubs = {each.id: make_stub(read_solution(root, assignment, each), assignment, each) for each in modules}
    files = [
        DerivedFile(stub_file(assignment, each), stubs[each.id], solution_file(assignment, each)) for each in modules
    ]
    lesson = lesson_text(root, assignment)
    if lesson:
        folder, source = f"exercises/{assignment.id}", f"{lesson.file} with the stubs and course.toml"
        files.append(DerivedFile(f"{folder}/{NOTEBOOK}", learner_notebook(lesson, assignment, stubs), source))
        files.append(DerivedFile(f"{folder}/{PAGE}", page(lesson, assignment, stubs), source))
    return files


def lesson_text(root: Path, assignment: Assignment) -> LessonText | None:
    """The text of the lesson, None when it has none. Raises ReleaseError when it can't be read."""
    file = f"exercises/{assignment.id}/{LESSON}"
    data = read_if_there(root / file)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError(f"{file}, line {line}: not UTF-8; save it as UTF-8.") from None
    return read_lesson(text, file, list(assignment.exercises))


def missing_figures(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for each picture of the lesson that isn't there, on its light or on its dark background."""
    lesson = lesson_text(root, assignment)
    if lesson is None:
        return []
    folder = f"exercises/{assignment.id}"
    return [
        f"{lesson.file}, line {figure.line}: {folder}/{path} is missing."
        for figure in lesson.figures
        for path in (figure.path, figure.dark_path)
        if not (root / folder / path).is_file()
    ]
