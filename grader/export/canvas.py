"""Canvas: a gradebook to import, matched by what the roster knows of Canvas.

The columns are those of Canvas's own export and import (lib/gradebook_exporter.rb and lib/gradebook_importer.rb of
instructure/canvas-lms). A learner is found by ID, else by SIS User ID, else by SIS Login ID, and only then by name. An
empty cell would take a grade away that is there already, so whoever has no final points has no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from grader.errors import ExportError
from grader.export.cells import looks_like_a_formula, points, shown
from grader.export.matching import LeftOut, Matching
from grader.export.roster import Person, Roster
from grader.export.standing import Standing
from grader.inert import inert
from grader.report.gradebook import safe_cell

# The columns by which a learner is found, the first one first -> those of the roster.
IDS = {"ID": "canvas_id", "SIS User ID": "sis_id", "SIS Login ID": "login"}
_HEADER = ["Student", *IDS, "Section"]
_POINTS = "    Points Possible"
# Canvas takes columns with these words for its own sums, and leaves them out.
_SUMS = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_WITH_ID = re.compile(r"(.*\S)\s*\((\d+)\)")


def column_name(wanted: str, roster: Roster | None) -> str:
    """The heading of the points: with Canvas's ID of the assignment, where the roster is its gradebook and has it.

    Raises `ExportError` for a heading that Canvas would take for one of its own.
    """
    if _SUMS.search(wanted) or wanted in _HEADER:
        raise ExportError(f'Canvas has columns of its own that are called like "{wanted}". Give another --column.')
    for heading in roster.headings if roster else ():
        found = _WITH_ID.fullmatch(heading)
        if found and found[1] == wanted:
            return heading
    return wanted


def canvas_rows(
    standings: Iterable[Standing], matching: Matching, column: str, max_points: float, left_out: list[LeftOut]
) -> Iterator[list[str]]:
    """The rows of the file; whoever can't have one is added to `left_out`."""
    yield [*_HEADER, column]
    yield [_POINTS, "", "", "", "", points(max_points)]
    for standing in standings:
        student = standing.result.student
        person = matching.people.get(student)
        if person is None:
            continue
        if not standing.final:
            left_out.append(LeftOut(student, "no final points, through our own failure: --resume grades again"))
        elif why := _unmatched(person, matching.known):
            left_out.append(LeftOut(student, why, person.name))
        else:
            ids = [getattr(person, column) for column in IDS.values()]
            yield [_name(person), *ids, shown(person.section), points(standing.result.score)]


def _unmatched(person: Person, known: bool) -> str:
    """Why Canvas could not tell who this is; empty when it can."""
    if not known and (looks_like_a_formula(person.login) or inert(person.login, 1000) != person.login):
        return "a name that can't be a login: give a roster"
    found = any(getattr(person, column) for column in IDS.values())
    return "" if found else "no login, sis_id or canvas_id in the roster"


def _name(person: Person) -> str:
    """For people only. Canvas takes a row whose name has these words for its own."""
    name = person.name or person.student
    return safe_cell(person.login if "Points Possible" in name else name)
