"""A lesson as a notebook: one for learners, and one for nbgrader to make its release of.

The metadata is nbgrader's, schema 3: https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from grader.core.assignment import Assignment, Exercise
from grader.core.errors import LessonError
from grader.core.labels import joined, points
from grader.course.lesson_text import (
    Demonstration,
    ExercisePlace,
    Figure,
    LessonText,
    Part,
    Prose,
    Question,
    TextHeading,
)
from grader.course.module_source import ModuleText, imports_in, is_only, read_modules

Cell = dict[str, Any]

SETUP = """\
# Run this cell first. It finds the course's folder, this one or one above it,
# and makes `check` available.
import sys
from pathlib import Path

sys.path[:0] = [
    str(folder)
    for folder in [Path.cwd(), *Path.cwd().parents]
    if (folder / "grader" / "selfcheck").is_dir()
][:1]

from grader.selfcheck.notebook import check"""
# A demonstration of something that is still to do fails; with this tag, "Run All" continues after it.
_GOES_ON = "raises-exception"


def cells_of(lesson: LessonText, assignment: Assignment, modules: Mapping[str, ModuleText]) -> list[Cell]:
    """The cells, each with a name that stays the same when others change: `the-loss-text-1`, `mse`, `check-mse`."""
    cells = list(_Cells(assignment, modules).of(lesson))
    names = [cell["id"] for cell in cells]
    assert len(names) == len(set(names))
    return cells


class _Cells:
    def __init__(self, assignment: Assignment, modules: Mapping[str, ModuleText]) -> None:
        self._assignment = assignment
        self._modules = modules
        self._opening: list[Part] = []
        self._text: list[str] = []
        self._section = "start"
        self._level = 1
        self._numbers: dict[str, int] = {}
        self._imported: set[str] = set()
        self._given: set[str] = set()

    def of(self, lesson: LessonText) -> Iterator[Cell]:
        yield from self._beginning(lesson.parts)
        for part in lesson.parts[len(self._opening) :]:
            if isinstance(part, TextHeading) and part.level <= 3:
                yield from self._written()
                self._section, self._level = part.anchor, part.level
            if isinstance(part, Demonstration):
                yield from self._written()
                yield self._demonstration(part)
            elif isinstance(part, ExercisePlace):
                yield from self._written()
                yield from self._exercise(self._assignment.exercises[part.exercise])
            else:
                self._text.append(_markdown(part))
        yield from self._written()
        yield _text_cell("## Where you stand", "kit-standing-text")
        yield _code_cell("check()", "kit-standing-check")

    def _beginning(self, parts: tuple[Part, ...]) -> Iterator[Cell]:
        """The title with what is said before the first section, how to use this, and the cell that sets it up."""
        for part in parts:
            if isinstance(part, Demonstration | ExercisePlace) or (self._opening and _is_section(part)):
                break
            self._opening.append(part)
            self._text.append(_markdown(part))
        number = len(self._assignment.exercises)
        self._text.append(
            f"*There {'is one exercise' if number == 1 else f'are {number} exercises'} in this notebook, for "
            f"{points(self._assignment.points)} points. Write each function in its cell and run the cell; "
            "then run the cell with `check` below it, as often as you like. Code that uses a function that is still to "
            "do ends with an error that says so.*"
        )
        yield from self._written()
        yield _locked(_code_cell(SETUP, "kit-setup"))

    def _written(self) -> Iterator[Cell]:
        if self._text:
            yield _text_cell("\n\n".join(self._text), self._name("text"))
            self._text = []

    def _demonstration(self, part: Demonstration) -> Cell:
        self._imported |= imports_in(part.code)
        return _code_cell(part.code, self._name("code"), tags=[_GOES_ON])

    def _exercise(self, exercise: Exercise) -> Iterator[Cell]:
        module = self._modules[exercise.module]
        if exercise.module not in self._given:
            self._given.add(exercise.module)
            if module.given and not is_only(module.given, self._imported):
                yield _locked(_code_cell(module.given, f"kit-given-{exercise.module}"))
        level = "#" * min(max(self._level + 1, 3), 6)
        heading = f"{level} Exercise: {exercise.title} (`{exercise.function}`)"
        yield _text_cell(f"{heading}\n\n{_terms(exercise)}", f"about-{exercise.id}")
        solution = _code_cell(module.functions[exercise.id].source, exercise.id)
        yield _graded(solution, solution=True)
        check = _graded(_code_cell(f'check("{exercise.id}")', f"check-{exercise.id}"))
        check["metadata"]["nbgrader"]["points"] = float(exercise.points)
        yield check

    def _name(self, kind: str) -> str:
        key = f"{self._section}-{kind}"
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return f"{key}-{self._numbers[key]}"


def _is_section(part: Part) -> bool:
    return isinstance(part, TextHeading) and part.level <= 3


def _markdown(part: Part) -> str:
    if isinstance(part, TextHeading):
        anchor = f'<a id="{part.anchor}"></a>\n\n' if part.anchor else ""
        return f"{anchor}{'#' * part.level} {part.text}"
    if isinstance(part, Figure):
        return f"![{part.alt}]({part.path})"
    if isinstance(part, Question):
        return f"<details><summary>{part.question}</summary>\n\n{part.answer}\n\n</details>"
    assert isinstance(part, Prose)
    return part.text


def _terms(exercise: Exercise) -> str:
    worth = points(exercise.points)
    terms = [f"**{worth} {'point' if worth == '1' else 'points'}.**"]
    if exercise.needs:
        terms.append(f"It uses {joined([f'`{need}`' for need in exercise.needs])}.")
    if exercise.forbidden:
        terms.append(f"You write it yourself: {joined([f'`{name}`' for name in exercise.forbidden])} may not be used.")
    return " ".join(terms)


def _text_cell(source: str, name: str) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _code_cell(source: str, name: str, **metadata: list[str]) -> Cell:
    cell: Cell = {"cell_type": "code", "id": name, "metadata": {**metadata}, "source": source}
    return cell | {"execution_count": None, "outputs": []}


def _locked(cell: Cell) -> Cell:
    return _tagged(cell, grade=False, solution=False, locked=True)


def _graded(cell: Cell, *, solution: bool = False) -> Cell:
    return _tagged(cell, grade=not solution, solution=solution, locked=not solution)


def _tagged(cell: Cell, **flags: bool) -> Cell:
    """The cell's name is its grade id, too."""
    cell["metadata"]["nbgrader"] = {"schema_version": 3, "grade_id": cell["id"], "task": False, **flags}
    return cell


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
    """The notebook's text, as Jupyter would save it."""
    lines = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in cells]
    content = {"cells": lines, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
