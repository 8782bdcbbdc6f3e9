"""The roster: who the learners are in other systems. A line of it, the columns it may have, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from grader.export.cells import looks_like_a_formula
from grader.inert import inert


@dataclass(frozen=True)
class Person:
    """One line of a roster: `student` is the entry's name in the folder of submissions; the rest is empty if unknown.

    `login` is Canvas's SIS Login ID and Moodle's username, `idnumber` Moodle's ID number, `canvas_id` Canvas's own
    number for a learner.
    """

    student: str
    name: str = ""
    email: str = ""
    login: str = ""
    sis_id: str = ""
    canvas_id: str = ""
    idnumber: str = ""
    github: str = ""
    section: str = ""
    line: int = 0


@dataclass(frozen=True)
class Roster:
    """Everybody, in the order of the file. `ignored` are columns that nothing is known about.

    `headings` are all columns as they are written: a gradebook of Canvas names its assignments there.
    """

    people: tuple[Person, ...]
    ignored: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


COLUMNS = tuple(field.name for field in fields(Person) if field.name != "line")
# How other systems call these columns in what they export.
_ALSO = {
    "sis_login_id": "login",
    "username": "login",
    "sis_user_id": "sis_id",
    "email_address": "email",
    "e_mail": "email",
    "full_name": "name",
    "moodle_id": "idnumber",
    "id_number": "idnumber",
    "github_username": "github",
}
_UNIQUE = ("student", "email", "login", "sis_id", "canvas_id", "idnumber", "github")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_GITHUB = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*)")


def column_of(heading: str) -> str:
    """The column that is meant by a heading, or what it would be called as one of ours."""
    plain = re.sub(r"[\s_-]+", "_", heading.strip().casefold()).strip("_")
    return _ALSO.get(plain, plain)


def problems_of(people: list[Person]) -> Iterator[tuple[int, str, str]]:
    """(line, column, sentence) for each value that can't be, or that two learners share."""
    first: dict[tuple[str, str], int] = {}
    for person in people:
        for column in COLUMNS:
            value = getattr(person, column)
            if wrong := _wrong(column, value):
                yield person.line, column, wrong
        for column in _UNIQUE:
            value = getattr(person, column)
            earlier = first.setdefault((column, value.casefold()), person.line) if value else person.line
            if earlier != person.line:
                yield person.line, column, f"{_quoted(value)} is there twice: line {earlier} has it already."


def _wrong(column: str, value: str) -> str:
    """What is wrong with one value; empty when nothing is."""
    if column == "student":
        return "" if value else "is empty; expected the name of the learner's entry in the folder of submissions."
    if not value or column in ("name", "section"):
        return ""
    if inert(value, len(value) * 10) != value:
        return f"{_quoted(value)} has invisible characters, or a line end; expected one line of plain text."
    if looks_like_a_formula(value):
        return f"{_quoted(value)} begins like a formula, and would be run by a spreadsheet. Is this the right column?"
    if column == "email" and not _EMAIL.fullmatch(value):
        return f"{_quoted(value)} is no e-mail address; expected name@place."
    if column == "canvas_id" and not (value.isascii() and value.isdigit()):
        return f"{_quoted(value)} is no number; expected Canvas's own ID, digits only."
    if column == "github" and not _GITHUB.fullmatch(value):
        return f"{_quoted(value)} is no GitHub user name; expected letters, digits and hyphens."
    return ""


def _quoted(value: str) -> str:
    return f'"{inert(value, 80)}"'
