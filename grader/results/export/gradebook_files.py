"""Gradebooks: to import into Canvas and Moodle, as plain CSV, and one over several assignments.

Canvas: the columns are those of Canvas's own export and import (lib/gradebook_exporter.rb and lib/gradebook_importer.rb
of instructure/canvas-lms). A learner is found by ID, else by SIS User ID, else by SIS Login ID, and only then by name.
An empty cell would take a grade away that is there already, so whoever has no final points has no row.

Moodle: read by grade/import/csv (classes/load_data.php) of moodle/moodle; see "Grade import" in Moodle's documentation.
One learner whom Moodle can't find ends the whole import, and a row with an empty name would give its grade to the
learner of the row before: so nobody is in the file without one. Feedback is HTML there, so it is escaped.

Plain CSV: RFC 4180, UTF-8; cells as in `grades.csv`, see docs/results.md. The one over several assignments is such,
too: a line for each learner, with the points of each assignment and their sum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from grader.core.assignment import Assignment
from grader.core.errors import ExportError
from grader.core.records import SubmissionStatus
from grader.core.sanitize import sanitized
from grader.results.data_files import LATENESS, late_cells, safe_cell
from grader.results.export.exported import ExportedResult, LeftOut, Matching, person_cells, person_columns
from grader.results.export.roster import Person, Roster, as_html, looks_like_a_formula, points, shown_cell

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
    standings: Iterable[ExportedResult], matching: Matching, column: str, max_points: float, left_out: list[LeftOut]
) -> Iterator[list[str]]:
    """The rows of the file; whoever can't have one is added to `left_out`."""
    yield [*_HEADER, column]
    yield [_POINTS, "", "", "", "", points(max_points)]
    for standing, person in _with_a_row(standings, matching, _unmatched_in_canvas, left_out):
        ids = [getattr(person, column) for column in IDS.values()]
        yield [_name(person), *ids, shown_cell(person.section), points(standing.result.final_score)]


def _with_a_row(
    standings: Iterable[ExportedResult],
    matching: Matching,
    why_unmatched: Callable[[Person, bool], str],
    left_out: list[LeftOut],
) -> Iterator[tuple[ExportedResult, Person]]:
    """Those of the roster whose points are final and who are known to the other system; of the others `left_out` tells
    why not."""
    for standing in standings:
        student = standing.result.student
        if (person := matching.people.get(student)) is None:
            continue
        why = why_unmatched(person, matching.known) if standing.final else standing.why_no_points
        if standing.final and not why:
            yield standing, person
        else:
            left_out.append(LeftOut(student, why, person.name))


def _unmatched_in_canvas(person: Person, known: bool) -> str:
    """Why Canvas could not tell who this is; empty when it can."""
    if not known and (looks_like_a_formula(person.login) or sanitized(person.login, 1000) != person.login):
        return "a name that can't be a login: give a roster"
    found = any(getattr(person, column) for column in IDS.values())
    return "" if found else "no login, sis_id or canvas_id in the roster"


def _name(person: Person) -> str:
    """For people only. Canvas takes a row whose name has these words for its own."""
    name = person.name or person.student
    return safe_cell(person.login if "Points Possible" in name else name)


# Column of the roster -> its name in Moodle's own exports, and what it is mapped to.
IDENTIFIED_BY = {
    "email": ("Email address", "useremail"),
    "idnumber": ("ID number", "useridnumber"),
    "login": ("Username", "username"),
}


def identifying_column(matching: Matching) -> str:
    """The column that most learners have a value in; the e-mail address where several are as good."""
    return max(IDENTIFIED_BY, key=lambda column: sum(bool(getattr(p, column)) for p in matching.people.values()))


def moodle_rows(
    standings: Iterable[ExportedResult], matching: Matching, column: str, left_out: list[LeftOut]
) -> Iterator[list[str]]:
    """The rows of the file; whoever can't have one is added to `left_out`."""
    by = identifying_column(matching)
    yield [IDENTIFIED_BY[by][0], "Full name", column, f"{column} (feedback)"]
    for standing, person in _with_a_row(standings, matching, partial(_unmatched_in_moodle, by), left_out):
        name = safe_cell(person.name or standing.result.student)
        score = points(standing.result.final_score)
        yield [getattr(person, by), name, score, as_html(standing.everything())]


def _unmatched_in_moodle(by: str, person: Person, known: bool) -> str:
    value = getattr(person, by)
    if not value or value == "0":  # which Moodle takes for empty
        return f"no {by} in the roster, by which the others are found"
    if not known and (looks_like_a_formula(value) or sanitized(value, 1000) != value):
        return "a name that can't be a username: give a roster"
    return ""


NOTHING = "nothing_handed_in"


def plain_rows(
    standings: Iterable[ExportedResult], matching: Matching, assignment: Assignment, *, has_lateness: bool
) -> Iterator[list[str]]:
    """A row for each result, then one for each learner of the roster without one. Points that aren't final are left
    empty. Columns on lateness are there where it is known of anybody."""
    columns = person_columns(matching)
    exercises = list(assignment.exercises)
    late = LATENESS if has_lateness else ()
    first = ("student", *columns, "score", "max_score", "status", *late)
    yield [*first, *exercises, "set_by_a_person", "trusted", "note", "comments"]
    for standing in standings:
        result = standing.result
        said = [("", each) for each in result.comments]
        said += [(exercise.id, each) for exercise in result.exercises for each in exercise.comments]
        scores = {each.id: points(each.score) for each in result.exercises if result.counts(each)}
        yield [
            safe_cell(result.student),
            *person_cells(matching.people.get(result.student), columns),
            points(result.score) if standing.final else "",
            points(result.max_score),
            _status(standing),
            *(late_cells(result) if late else ()),
            *(scores.get(exercise, "") for exercise in exercises),
            " ".join(exercise.id for exercise in result.overridden),
            "yes" if result.trusted else "",
            shown_cell(result.note),
            shown_cell(" | ".join(f"{id}: {each.text}" if id else each.text for id, each in said)),
        ]
    for person in matching.without_result:
        nothing = [""] * (len(late) + len(exercises))
        rest = ["", points(assignment.points), NOTHING, *nothing, "", "", "", ""]
        yield [safe_cell(person.student), *person_cells(person, columns), *rest]


def _status(standing: ExportedResult) -> str:
    """An exercise that we failed to grade says so in the whole, too."""
    status = standing.result.status
    return "grader_error" if status is SubmissionStatus.GRADED and not standing.final else status.value


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
