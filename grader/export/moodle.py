"""Moodle: grades and feedback to import from CSV, matched by one column.

Read by grade/import/csv (classes/load_data.php) of moodle/moodle; see "Grade import" in Moodle's documentation. One
learner whom Moodle can't find ends the whole import, and a row with an empty name would give its grade to the learner
of the row before: so nobody is in the file without one. Feedback is HTML there, so it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.export.cells import as_html, looks_like_a_formula, points
from grader.export.matching import LeftOut, Matching
from grader.export.roster import Person
from grader.export.standing import Standing
from grader.inert import inert
from grader.report.gradebook import safe_cell

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
    standings: Iterable[Standing], matching: Matching, column: str, left_out: list[LeftOut]
) -> Iterator[list[str]]:
    """The rows of the file; whoever can't have one is added to `left_out`."""
    by = identifying_column(matching)
    yield [IDENTIFIED_BY[by][0], "Full name", column, f"{column} (feedback)"]
    for standing in standings:
        student = standing.result.student
        person = matching.people.get(student)
        if person is None:
            continue
        if not standing.final:
            left_out.append(LeftOut(student, "no final points, through our own failure: --resume grades again"))
        elif why := _unmatched(person, by, matching.known):
            left_out.append(LeftOut(student, why, person.name))
        else:
            feedback = as_html(standing.everything())
            yield [getattr(person, by), safe_cell(person.name or student), points(standing.result.score), feedback]


def _unmatched(person: Person, by: str, known: bool) -> str:
    value = getattr(person, by)
    if not value or value == "0":  # which Moodle takes for empty
        return f"no {by} in the roster, by which the others are found"
    if not known and (looks_like_a_formula(value) or inert(value, 1000) != value):
        return "a name that can't be a username: give a roster"
    return ""
