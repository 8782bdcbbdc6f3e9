"""A lesson as a notebook: one for learners, and one for nbgrader to make its release of."""

from __future__ import annotations

from collections.abc import Mapping

from grader.course.model import Assignment
from grader.errors import LessonError
from grader.lesson.cells import Cell, cells_of
from grader.lesson.notebook_format import nbformat
from grader.lesson.parts import LessonText
from grader.lesson.source import read_modules

# What nbgrader is to put in a solution's place (`c.ClearSolutions.code_stub`); the self-check takes it for "to do".
CODE_STUB = '# TODO: write your code here, in place of the next line.\nraise NotImplementedError("this is still to do")'
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}


def learner_notebook(lesson: LessonText, assignment: Assignment, stubs: Mapping[str, str]) -> str:
    """The notebook that a learner works in. `stubs` are the stubs' texts by module.

    The cells that check are locked. The same input gives the same text. Raises LessonError.
    """
    cells = _notebook(lesson, assignment, stubs)
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["metadata"] |= {"deletable": False, "editable": False}
    return _written(cells)


def nbgrader_notebook(lesson: LessonText, assignment: Assignment, solutions: Mapping[str, str]) -> str:
    """The source of nbgrader's assignment, with solutions between their markers: nothing for learners.

    `solutions` are the reference solutions' texts by module. An exercise's cell has its id as grade id; the cell that
    checks it, and is worth its points, `check-ID`. Raises LessonError.
    """
    for module, text in read_modules(dict(solutions), assignment).items():
        if "BEGIN SOLUTION" in text.given:
            raise LessonError(
                f"{assignment.id}, module {module}: a marked region outside of a function has no place in nbgrader's "
                "notebook, which keeps a solution in its exercise's cell. Move it into the function that needs it."
            )
    return _written(_notebook(lesson, assignment, solutions))


def _notebook(lesson: LessonText, assignment: Assignment, sources: Mapping[str, str]) -> list[Cell]:
    return cells_of(lesson, assignment, read_modules(dict(sources), assignment))


def _written(cells: list[Cell]) -> str:
    content = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    notebook = nbformat.from_dict(content)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"
