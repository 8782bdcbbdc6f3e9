"""Which result is whose: the names of entries, matched with the lines of a roster. Nobody is dropped silently."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import did_you_mean
from grader.export.roster import Person, Roster
from grader.report.gradebook import safe_cell


@dataclass(frozen=True)
class LeftOut:
    """A learner who is not in what was exported, or not as a grade, and why."""

    student: str
    why: str
    name: str = ""


@dataclass(frozen=True)
class Matching:
    """`people` has a line of the roster for each result that has one; the rest of both sides is listed.

    Without a roster (`known` is false) everybody is who the entry's name says.
    """

    people: dict[str, Person]
    without_line: tuple[str, ...] = ()
    without_result: tuple[Person, ...] = ()
    known: bool = False

    def left_out(self) -> list[LeftOut]:
        """Those whom only one side knows."""
        missing = [LeftOut(p.student, "in the roster, and nothing handed in", p.name) for p in self.without_result]
        names = [person.student for person in self.without_result]
        return [
            *(LeftOut(s, f"not in the roster.{did_you_mean(s, names)}".rstrip(".")) for s in self.without_line),
            *missing,
        ]


def match(students: Sequence[str], roster: Roster | None) -> Matching:
    """Each student's line in the roster: the one of that name, else of the same name in another spelling of Unicode
    (a Mac writes é as two characters), else as `grades.csv` writes it."""
    if roster is None:
        return Matching({student: Person(student, login=student) for student in students})
    people: dict[str, Person] = {}
    for in_the_roster, in_the_results in ((str, str), (_composed, _composed), (str, safe_cell)):
        taken = {person.line for person in people.values()}
        left = {in_the_roster(person.student): person for person in roster.people if person.line not in taken}
        for student in students:
            person = left.pop(in_the_results(student), None) if student not in people else None
            if person:
                people[student] = person
    matched = {person.line for person in people.values()}
    return Matching(
        people,
        tuple(student for student in students if student not in people),
        tuple(person for person in roster.people if person.line not in matched),
        known=True,
    )


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)
