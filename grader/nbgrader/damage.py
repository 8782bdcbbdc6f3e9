"""What was wrong with a notebook that was handed in: a sentence for each kind of damage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from grader.cells.notebook import Cell
from grader.inert import inert

_MOST_NAMED = 12


@dataclass(frozen=True)
class Damage:
    """A notebook's cells, and what became of each released one.

    `tags` are the released grade ids by the cells' tags, `exercises` those of exercises with their ids, `graded` the
    number of the cell that was graded by exercise, `place` the cell that stands for each released one by grade id.
    """

    cells: list[Cell]
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
            found.append(f"The notebook said that it is in {inert(language, 40)}. It was read as Python.")
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
