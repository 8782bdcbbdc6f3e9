"""A lesson's parts as the cells of a notebook, with nbgrader's metadata on those that it has to know.

The metadata is nbgrader's, schema 3: https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.course.model import Assignment, Exercise
from grader.lesson.parts import Demonstration, ExercisePlace, Figure, Heading, LessonText, Part, Prose, Question
from grader.lesson.source import ModuleText, imports_in, is_only
from grader.words import joined, points

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
# A demonstration of something that is still to do fails; with this tag, "Run All" goes on behind it.
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
            if isinstance(part, Heading) and part.level <= 3:
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
    return isinstance(part, Heading) and part.level <= 3


def _markdown(part: Part) -> str:
    if isinstance(part, Heading):
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
