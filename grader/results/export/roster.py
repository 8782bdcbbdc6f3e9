"""The roster: who the learners are in other systems, and how its cells are written and read."""

from __future__ import annotations

import html
import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from grader.core import labels
from grader.core.due_dates import due_with, more_time
from grader.core.sanitize import sanitized
from grader.results.data_files import safe_cell

# What makes a spreadsheet take a cell for a formula, full-width forms included: see grader/results/data_files.py.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
# A spreadsheet that separates by semicolons sees no quotes in the middle of a line, and splits there.
_LATER_FORMULA = re.compile(r"(?<=[;|])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")

# HTML shows none of these at the beginning of a line, and elsewhere one for all.
_SPACES = re.compile(r"^ +| +(?= )", re.MULTILINE)


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run this cell."""
    return text.lstrip().startswith(_FORMULA)


def shown_cell(text: str) -> str:
    """A name or other text that only people read: on one line, inert, with an apostrophe before a formula."""
    return _LATER_FORMULA.sub(r"\1'\2", safe_cell(text))


def points(number: float) -> str:
    """Points without needless decimals, at most four."""
    return labels.points(number, 4)


def as_html(text: str) -> str:
    """Inert text as a piece of HTML on one line: nothing in it is markup, and line ends and spaces are kept, which show
    how code is indented.

    Where an entity's semicolon would stand before the beginning of a formula, that is written as an entity, too.
    """
    kept = _SPACES.sub(lambda found: "\u00a0" * len(found[0]), text)
    escaped = html.escape(kept).replace("\n", "<br>")
    return _LATER_FORMULA.sub(lambda found: f"{found[1]}&#{ord(found[2])};", escaped)


@dataclass(frozen=True)
class Person:
    """One line of a roster: `student` is the entry's name in the folder of submissions; the rest is empty if unknown.

    `login` is Canvas's SIS Login ID and Moodle's username, `idnumber` Moodle's ID number, `canvas_id` Canvas's own
    number for a learner; `extension` is how much longer a learner has, or until when.
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
    extension: str = ""
    variant: str = ""
    line: int = 0


@dataclass(frozen=True)
class Roster:
    """Everybody, in the order of the file. `ignored` are columns that nothing is known about.

    `headings` are all columns as they are written: a gradebook of Canvas names its assignments there. `named_by` are
    the columns that may hold the names of the entries: a gradebook has no column `student`.
    """

    people: tuple[Person, ...]
    ignored: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ("student",)


COLUMNS = tuple(field.name for field in fields(Person) if field.name != "line")
NAME_PARTS = ("last_name", "first_name", "sortable_name")  # what some systems have in place of a name
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
    "student_name": "name",
    "lastname": "last_name",
    "surname": "last_name",
    "firstname": "first_name",
}
TOLD_APART_BY = ("student", "email", "login", "sis_id", "canvas_id", "idnumber", "github")
# The columns that may hold numbers, and what a spreadsheet makes of them. An E without a sign may be part of a name.
_NUMBERS = ("student", "login", "sis_id", "canvas_id", "idnumber")
_IN_POWERS = re.compile(r"\d+([.,]\d+)?E[+-]\d+|\d+[.,]\d+E\d+", re.IGNORECASE)
_AS_FRACTION = re.compile(r"\d+[.,]0+")
_NOT_SHOWN = re.compile(r"#{2,}|#(N/A|REF!|VALUE!|NAME\?|NUM!|NULL!|DIV/0!)", re.IGNORECASE)
_DIGITS_KEPT = 15
AS_TEXT = "Get the column again from where it comes from, and have it read as text."
# Spaces of all kinds, and the marks that show nothing and are copied with a text.
_AROUND = (
    string.whitespace
    + "\x1c\x1d\x1e\x1f\x85\xa0\u1680\u3000\ufeff"
    + "".join(map(chr, (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x206A))))
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_GITHUB = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*)")


def trimmed(text: str) -> str:
    """Without the spaces around it, and without marks that show nothing there."""
    return text.strip(_AROUND)


def folded(name: str) -> str:
    """The same for names that people take for one: whatever the case, the spaces around it and the width of letters."""
    whole = unicodedata.normalize("NFKC", trimmed(name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", whole).split())


def plain_heading(heading: str) -> str:
    """A heading as a column of ours would be written: in small letters, with underscores for spaces."""
    return re.sub(r"[\s_-]+", "_", folded(heading)).strip("_")


def column_of(heading: str) -> str:
    """The column that is meant by a heading, or what it would be called as one of ours."""
    plain = plain_heading(heading)
    return _ALSO.get(plain, plain)


def roster_problems(people: list[Person]) -> Iterator[tuple[int, str, str]]:
    """(line, column, sentence) for each value that can't be, or that two learners share."""
    first: dict[tuple[str, str], int] = {}
    for person in people:
        for column in COLUMNS:
            value = getattr(person, column)
            if wrong := _wrong(column, value):
                yield person.line, column, wrong
        for column in TOLD_APART_BY:
            value = getattr(person, column)
            earlier = first.setdefault((column, folded(value)), person.line) if value else person.line
            if earlier != person.line:
                yield person.line, column, f"{quoted_value(value)} is there twice: line {earlier} has it already."
    for column in _NUMBERS:
        numbers = [(value, p.line) for p in people if (value := trimmed(getattr(p, column))).isdecimal()]
        yield from ((line, column, what) for line, what in (*_without_zeros(numbers), *_rounded(numbers)))


def _without_zeros(numbers: list[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    """Shorter numbers in a column in which all have one length, with zeros at the front where need be."""
    padded = {len(value): f"{quoted_value(value)} in line {line}" for value, line in numbers if value.startswith("0")}
    width = max((len(value) for value, _ in numbers), default=0)
    if padded.keys() == {width}:
        for value, line in numbers:
            if len(value) < width:
                yield (
                    line,
                    f"{quoted_value(value)} is shorter than {padded[width]}: it has lost the zeros at its front, most "
                    f"likely in a spreadsheet. {AS_TEXT}",
                )


def _rounded(numbers: list[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    """Long numbers that all end in zeros: a spreadsheet keeps 15 digits. One alone may be so by chance."""
    long = [(value, line) for value, line in numbers if len(value) > _DIGITS_KEPT]
    if len(long) > 1 and not any(value[_DIGITS_KEPT:].strip("0") for value, _ in long):
        for value, line in long:
            yield (
                line,
                f"{quoted_value(value)} ends in zeros behind {_DIGITS_KEPT} digits, as all long numbers of this column "
                f"do: a spreadsheet has rounded it. {AS_TEXT}",
            )


def _wrong(column: str, value: str) -> str:
    """What is wrong with one value; empty when nothing is."""
    if column in _NUMBERS and (spoilt := _spoilt(trimmed(value))):
        return f"{quoted_value(value)} {spoilt}. {AS_TEXT}"
    if column == "student":
        return "" if value else "is empty; expected the name of the learner's entry in the folder of submissions."
    if not value or column in ("name", "section", "variant"):
        return ""
    if column == "extension":
        return _wrong_extension(value)
    if sanitized(value, len(value) * 10) != value:
        return f"{quoted_value(value)} has invisible characters, or a line end; expected one line of plain text."
    if looks_like_a_formula(value):
        return (
            f"{quoted_value(value)} begins like a formula, and would be run by a spreadsheet. Is this the right column?"
        )
    if column == "email" and not _EMAIL.fullmatch(value):
        return f"{quoted_value(value)} is not an e-mail address; expected name@place."
    if column == "canvas_id" and not (value.isascii() and value.isdigit()):
        return f"{quoted_value(value)} is not a number; expected Canvas's own ID, digits only."
    if column == "github" and not _GITHUB.fullmatch(value):
        return f"{quoted_value(value)} is not a GitHub user name; expected letters, digits and hyphens."
    return ""


def _wrong_extension(value: str) -> str:
    """Whether it has a zone is seen when a course's is known."""
    try:
        due_with(value, datetime.now(UTC) if more_time(value) else None, "UTC")
    except ValueError as error:
        return f"{quoted_value(value)} {error}"
    return ""


def _spoilt(value: str) -> str:
    """What a spreadsheet made of a number, in words; empty when it left it alone."""
    if _IN_POWERS.fullmatch(value):
        return "is what a spreadsheet makes of a long number: its last digits are lost"
    if _AS_FRACTION.fullmatch(value):
        return "has decimals: a program took it for an amount"
    if _NOT_SHOWN.fullmatch(value):
        return "is what a spreadsheet shows in place of a value"
    return ""


def quoted_value(value: str) -> str:
    return f'"{sanitized(value, 80)}"'
