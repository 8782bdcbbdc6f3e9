"""The graded notebook of nbgrader's pages: the released one, with a learner's work in it, and what was damaged.

nbgrader's `autograde` makes it out of what was handed in, and fails when that is damaged. Here every released cell is
there once and in order, whatever became of it in the submission; locked cells are as released, and nothing but source
text is taken over. Learners' text cells may hold HTML and TeX, which would run in the instructor's formgrader: those
that differ from the released ones are shown as they are written.
"""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.core.assignment import Assignment
from grader.core.sanitize import sanitized, visible
from grader.grading.submission import Submission
from grader.reading.notebook_cells import Cell
from grader.results.nbgrader.gradebook import verbatim
from grader.results.nbgrader.nbgrader_course import Notebook, answer_cell, nbformat

_MOST_NAMED = 12


@dataclass(frozen=True)
class Damage:
    """A notebook's cells, and what became of each released one.

    `tags` are the released grade ids by the cells' tags, `exercises` those of exercises with their ids, `graded` the
    number of the cell that was graded by exercise, `place` the cell that stands for each released one by grade id.
    """

    cells: Sequence[Cell]
    tags: Mapping[str, str]
    exercises: Mapping[str, str]
    graded: Mapping[str, int]
    place: Mapping[str, Cell]

    def remarks(self, released: Mapping[str, Any], answers: Collection[str], language: str) -> list[str]:
        """The sentences. `released` are the released cells, and `answers` those that learners write in, by grade id."""
        tagged = {id: [cell for cell in self.cells if self.tags.get(cell.tag) == id] for id in released}
        kinds = {**self._of_exercises(tagged), **self._of_others(tagged, released, answers)}
        found = [f"{kind}: {_listed(ids)}." for kind, ids in kinds.items() if ids]
        order = sorted(self.place, key=lambda id: self.place[id].number)
        if order != [id for id in released if id in order]:
            found.append("The cells were in another order.")
        if language and language != "python":
            found.append(f"The notebook said that it is in {sanitized(language, 40)}. It was read as Python.")
        return found

    def _of_exercises(self, tagged: Mapping[str, list[Cell]]) -> dict[str, list[str]]:
        lost, several, elsewhere, text = [], [], [], []
        for id, exercise in self.exercises.items():
            cells, number = tagged.get(id, []), self.graded.get(exercise)
            said = f"{exercise} ({f'cell {number} was graded' if number else 'no definition of it was found'})"
            if not cells:
                lost.append(said)
            elif len(cells) > 1:
                several.append(said)
            elif number and number != cells[0].number:
                elsewhere.append(said)
            if any(cell.retyped for cell in cells):
                text.append(exercise)
        return {
            "Exercises whose cell was missing or had lost its grade id": lost,
            "Exercises with several cells of their grade id": several,
            "Exercises that were not defined in their own cell": elsewhere,
            "Exercises whose cell was a text cell, and was read as code": text,
        }

    def _of_others(
        self, tagged: Mapping[str, list[Cell]], released: Mapping[str, Any], answers: Collection[str]
    ) -> dict[str, list[str]]:
        others = [id for id in released if id not in self.exercises]
        changed = [
            id
            for id in others
            if len(tagged[id]) == 1 and id not in answers and tagged[id][0].text.strip() != released[id].source.strip()
        ]
        missing = [id for id in others if not tagged[id]]
        return {
            "Cells that were missing or had lost their grade id, and were put back": missing,
            "Cells that were there more than once": [id for id in others if len(tagged[id]) > 1],
            "Cells that were changed, and were put back as they were released": changed,
        }


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"


_WIDTH = 72


@dataclass
class Rebuilt:
    """A graded notebook, what was wrong with what was handed in, and the answers that it has as they were released."""

    notebook: Notebook
    problems: list[str] = field(default_factory=list)
    unanswered: set[str] = field(default_factory=set)


def from_notebook(
    cells: Sequence[Cell], graded: Mapping[str, int], language: str, released: Notebook, assignment: Assignment
) -> Rebuilt:
    """Out of a notebook. `graded` is, by exercise, the number of the cell whose definition was graded."""
    return _FromNotebook(cells, graded, language, released, assignment).rebuilt()


def from_modules(submission: Submission, released: Notebook, assignment: Assignment) -> Rebuilt:
    """Out of modules: each function in its exercise's cell, and the whole modules below."""
    rebuilt = nothing(released)
    for exercise in assignment.exercises.values():
        text = submission.text_of(exercise.id)
        cell = _cells_by_id(rebuilt.notebook.cells).get(answer_cell(exercise.id))
        if text and cell is not None:
            cell.source = _plain(text)
    for name, source in submission.reading.modules.items():
        rebuilt.notebook.cells.append(_text(f"**As it was handed in: `{name}.py`**"))
        rebuilt.notebook.cells.append(_code(_plain(source.text)))
    return rebuilt


def nothing(released: Notebook) -> Rebuilt:
    """The released notebook, where nothing of what was handed in could be read."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        _without_outputs(cell)
    return Rebuilt(notebook)


def with_head(notebook: Notebook, title: str, lines: Iterable[str]) -> Notebook:
    """The notebook under a cell of ours, if there is anything to say; `lines` are shown as they are written."""
    wrapped = (textwrap.fill(line, _WIDTH, subsequent_indent="  ", break_on_hyphens=False) for line in lines)
    listed = verbatim("\n".join(wrapped))
    if listed:
        notebook.cells.insert(0, _text(f"**{title}**\n\n{listed}"))
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)  # the first with ids of cells
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"graded-{number}"  # the same on every run
    return notebook


class _FromNotebook:
    def __init__(
        self,
        cells: Sequence[Cell],
        graded: Mapping[str, int],
        language: str,
        released: Notebook,
        assignment: Assignment,
    ) -> None:
        self._cells = cells
        self._released = copy.deepcopy(released)
        self._assignment = assignment
        self._language = language
        self._graded = graded
        self._tags = {_tag(_id(cell)): _id(cell) for cell in released.cells if _id(cell)}
        self._answers = {_id(cell) for cell in released.cells if _is_answer(cell)}
        self._exercises = {answer_cell(id): id for id in assignment.exercises}
        self._place: dict[str, Cell] = {}  # the cell that stands for each released one, by grade id

    def rebuilt(self) -> Rebuilt:
        self._find_places()
        damage = Damage(self._cells, self._tags, self._exercises, self._graded, self._place)
        problems = damage.remarks(_cells_by_id(self._released.cells), self._answers, self._language)
        own = {cell.number: id for id, cell in self._place.items()}
        extras = self._extras(own)
        out = list(extras.pop("", []))
        unanswered: set[str] = set()
        for cell in self._released.cells:
            id = _id(cell)
            _without_outputs(cell)
            if _is_answer(cell):
                answer = self._place.get(id)
                if answer is None or answer.text == cell.source:
                    unanswered.add(id)
                else:
                    cell.source = _plain(answer.text) if cell.cell_type == "code" else verbatim(answer.text)
            out += [cell, *extras.pop(id, [])] if id else [cell]
        self._released.cells = out
        return Rebuilt(self._released, problems, unanswered)

    def _find_places(self) -> None:
        for cell in self._cells:
            id = self._tags.get(cell.tag)
            if id and id not in self._exercises:
                self._place[id] = cell  # of several, the last one, as in nbgrader
        taken: set[int] = set()
        for exercise, number in self._graded.items():
            if number not in taken:
                self._place[answer_cell(exercise)] = next(cell for cell in self._cells if cell.number == number)
                taken.add(number)
        for cell in self._cells:
            tagged = self._tags.get(cell.tag, "")
            if tagged in self._exercises and self._exercises[tagged] not in self._graded and cell.number not in taken:
                self._place[tagged] = cell  # not graded: what was written is shown all the same

    def _extras(self, own: Mapping[int, str]) -> dict[str, list[Notebook]]:
        """The learner's further cells, by the released one that they follow; those before all of them by ``."""
        known = {(cell.cell_type == "code", cell.source) for cell in self._released.cells}
        extras: dict[str, list[Notebook]] = {}
        after = ""
        for cell in self._cells:
            if cell.number in own:
                after = own[cell.number]
            elif self._is_own_work(cell) and (cell.is_code, cell.text) not in known and cell.text.strip():
                new = _code(_plain(cell.text)) if cell.is_code else _text(verbatim(cell.text))
                extras.setdefault(after, []).append(new)
        return extras

    def _is_own_work(self, cell: Cell) -> bool:
        """Not one of the locked cells once more; a second answer is shown, though another one counts."""
        id = self._tags.get(cell.tag)
        return id is None or id in self._answers


def _cells_by_id(cells: Iterable[Notebook]) -> dict[str, Notebook]:
    return {_id(cell): cell for cell in cells if _id(cell)}


def _id(cell: Notebook) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_answer(cell: Notebook) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def _tag(id: str) -> str:
    return id.replace("-", "_")


def _without_outputs(cell: Notebook) -> None:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _text(source: str) -> Notebook:
    return nbformat.v4.new_markdown_cell(source)  # type: ignore[no-untyped-call]


def _code(source: str) -> Notebook:
    return nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]


def _plain(text: str) -> str:
    """A learner's code, with what can't be seen as its escape: it is read here, and not run."""
    return "".join(visible(text, lines=True))
