"""One gradebook over several assignments: a line for each learner, with the points of each assignment and their sum.

CSV as in `grades.csv`, see docs/results.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.results.data_files import safe_cell
from grader.results.export.matching import LeftOut, Matching, person_cells, person_columns
from grader.results.export.roster import points


@dataclass(frozen=True)
class Column:
    """An assignment by its id, how many points it has, and what each student got; None where nothing is final."""

    assignment: str
    max_points: float
    scores: Mapping[str, float | None]


def course_rows(columns: Sequence[Column], matching: Matching, left_out: list[LeftOut]) -> Iterator[list[str]]:
    """The header, a row for each student of any assignment, and one for each learner of the roster who is in none.

    What isn't final, and what was not handed in, is left empty, and its assignment is named in `without_points`. There
    is a sum where everything that was handed in is final. Whoever lacks points is added to `left_out`.
    """
    described = person_columns(matching)
    total = points(sum(column.max_points for column in columns))
    ids = [column.assignment for column in columns]
    yield ["student", *described, *ids, "total", "max_total", "without_points"]
    for student in sorted({student for column in columns for student in column.scores}):
        missing = [column for column in columns if column.scores.get(student) is None]
        not_final = [column for column in missing if student in column.scores]
        for column in missing:
            why = "without final points" if column in not_final else "nothing handed in"
            left_out.append(LeftOut(student, f"there, for {column.assignment} {why}"))
        scores = {column.assignment: score for column in columns if (score := column.scores.get(student)) is not None}
        yield [
            safe_cell(student),
            *person_cells(matching.people.get(student), described),
            *(points(scores[id]) if id in scores else "" for id in ids),
            "" if not_final else points(sum(scores.values())),
            total,
            " ".join(column.assignment for column in missing),
        ]
    for person in matching.without_result:
        nothing = [""] * len(columns)
        yield [safe_cell(person.student), *person_cells(person, described), *nothing, "", total, " ".join(ids)]
