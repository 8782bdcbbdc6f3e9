"""Plain CSV: everybody and everything on one line each, for a spreadsheet or a program of one's own.

RFC 4180, UTF-8; cells as in `grades.csv`, see docs/results.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.course.model import Assignment
from grader.export.cells import points, shown
from grader.export.matching import Matching
from grader.export.roster import Person
from grader.export.standing import Standing
from grader.report.gradebook import safe_cell

_OF_PERSON = ("name", "email", "login", "sis_id", "canvas_id", "idnumber", "github", "section")
NOTHING = "nothing_handed_in"


def plain_rows(standings: Iterable[Standing], matching: Matching, assignment: Assignment) -> Iterator[list[str]]:
    """A row for each result, then one for each learner of the roster without one. Points that aren't final are left
    empty."""
    known = [*matching.people.values(), *matching.without_result] if matching.known else []
    columns = [column for column in _OF_PERSON if any(getattr(person, column) for person in known)]
    exercises = list(assignment.exercises)
    yield ["student", *columns, "score", "max_score", "status", *exercises, "set_by_a_person", "trusted", "note"]
    for standing in standings:
        result = standing.result
        scores = {part.id: points(part.score) for part in result.exercises if part.status.value != "grader_error"}
        yield [
            safe_cell(result.student),
            *_of(matching.people.get(result.student), columns),
            points(result.score) if standing.final else "",
            points(result.max_score),
            result.status.value if standing.final else "grader_error",
            *(scores.get(exercise, "") for exercise in exercises),
            " ".join(exercise.id for exercise in result.overridden),
            "yes" if result.trusted else "",
            shown(result.note),
        ]
    for person in matching.without_result:
        rest = ["", points(assignment.points), NOTHING, *[""] * len(exercises), "", "", ""]
        yield [safe_cell(person.student), *_of(person, columns), *rest]


def _of(person: Person | None, columns: list[str]) -> list[str]:
    return [shown(getattr(person, column)) if person else "" for column in columns]
