"""What every export needs of results: which is whose, and what is said of each.

The names of entries are matched with the lines of a roster, and nobody is dropped silently. Of a result it is said
whether its points are final, and its feedback is there as inert text.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from grader.core import labels
from grader.core.assignment import Assignment, Course
from grader.core.errors import ExportError, did_you_mean
from grader.core.files import write_report
from grader.core.records import SubmissionResult, SubmissionStatus
from grader.results.data_files import csv_lines, safe_cell
from grader.results.export.roster import AS_TEXT, COLUMNS, Person, Roster, folded, quoted_value, shown_cell, trimmed
from grader.results.feedback_page import ExercisePart, Page, page_of

_MOST_NAMES = 5
# How a name of the roster and one of the results are compared: as they are, in whichever way Unicode spells them (a Mac
# writes é as two characters), as `grades.csv` writes them, and as people take them for the same.
_Written = Callable[[str], str]
_T = TypeVar("_T")


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


_WAYS: tuple[tuple[_Written, _Written], ...] = (
    (str, str),
    (_composed, _composed),
    (safe_cell, safe_cell),
    (str, safe_cell),
    (safe_cell, str),
    (folded, folded),
)


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
        return [*(LeftOut(student, self._without(student)) for student in self.without_line), *missing]

    def _without(self, student: str) -> str:
        """Why a result has no line."""
        alike = [quoted_value(each) for each in (*self.people, *self.without_line) if folded(each) == folded(student)]
        if len(alike) > 1:
            return f"not in the roster as it is written, and {' and '.join(alike)} differ only in case or spaces"
        names = [person.student for person in self.without_result]
        return f"not in the roster.{did_you_mean(student, names, is_person=True)}".rstrip(".")


def match(students: Sequence[str], roster: Roster | None) -> Matching:
    """Each student's line in the roster: the one of that name, else the only one of the same name written otherwise.

    Raises `ExportError` when nobody is found there, and when the roster's numbers have lost the zeros at their front.
    """
    if roster is None:
        return Matching({student: Person(student, login=trimmed(student)) for student in students})
    column = max(roster.named_by, key=lambda column: len(_matched(students, _named_by(column, roster))))
    persons = _named_by(column, roster)
    people = _matched(students, persons)
    matched = {person.line for person in people.values()}
    found = Matching(
        people,
        tuple(student for student in students if student not in people),
        tuple(person for person in persons if person.line not in matched),
        known=True,
    )
    _complain_of_lost_zeros(found)
    if students and not people:
        raise ExportError(_nobody(students, roster, found))
    return found


def _named_by(column: str, roster: Roster) -> list[Person]:
    """Everybody, called by what is in this column, if there is anything."""
    return [replace(person, student=getattr(person, column) or person.student) for person in roster.people]


def _matched(students: Sequence[str], persons: Sequence[Person]) -> dict[str, Person]:
    """Who is found. Where several names are the same in one way of writing, nobody knows whose the line is."""
    people: dict[str, Person] = {}
    for in_the_roster, in_the_results in _WAYS:
        taken = {person.line for person in people.values()}
        lines = _grouped((in_the_roster(person.student), person) for person in persons if person.line not in taken)
        entries = _grouped((in_the_results(student), student) for student in students if student not in people)
        for written, names in entries.items():
            if len(names) == len(lines.get(written, ())) == 1:
                people[names[0]] = lines[written][0]
    return people


def _grouped(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    groups: defaultdict[str, list[_T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _complain_of_lost_zeros(found: Matching) -> None:
    """Numbers that are the names of entries but for the zeros at their front. Other columns have lost theirs, too."""
    entries = {student.lstrip("0"): student for student in found.without_line if student.isdecimal()}
    told = [
        f"The roster, line {person.line}: {quoted_value(person.student)} has lost the zeros at its front, most likely "
        f"in a spreadsheet: the entry is called {quoted_value(entries[person.student])}. {AS_TEXT}"
        for person in found.without_result
        if person.student in entries
    ]
    if told:
        raise ExportError("\n".join(told[:_MOST_NAMES]))


def _nobody(students: Sequence[str], roster: Roster, found: Matching) -> str:
    """What is said when no result is in the roster."""
    column = roster.named_by[0]
    sentences = [
        f"None of the results is in the roster. The entries are called {_some(students)}; the roster's "
        f'column "{column}" has {_some([person.student for person in found.without_result])}.'
    ]
    near = [
        f"{quoted_value(s)}:{meant}"
        for s in students
        if (meant := did_you_mean(s, [p.student for p in roster.people], is_person=True))
    ]
    sentences += near[:_MOST_NAMES]
    for other in COLUMNS:
        if other not in roster.named_by and _matched(students, _named_by(other, roster)):
            sentences.append(f'Its column "{other}" has them: call that one "student".')
    return " ".join(sentences)


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(quoted_value, names[:_MOST_NAMES])) + (
        f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else ""
    )


_OF_PERSON = ("name", "email", "login", "sis_id", "canvas_id", "idnumber", "github", "section")


def person_columns(matching: Matching) -> list[str]:
    """What the roster says of anybody, besides the name of the entry."""
    known = [*matching.people.values(), *matching.without_result] if matching.known else []
    return [column for column in _OF_PERSON if any(getattr(person, column) for person in known)]


def person_cells(person: Person | None, columns: Sequence[str]) -> list[str]:
    """These columns for a person; empty where the roster has no line."""
    return [shown_cell(getattr(person, column)) if person else "" for column in columns]


def left_out_path(out: Path, *, is_folder: bool) -> Path:
    """Where it lies: in the exported folder, or beside the exported file."""
    return out / "left-out.csv" if is_folder else out.with_name(f"{out.stem}.left-out.csv")


def write_left_out(path: Path, left_out: Sequence[LeftOut]) -> None:
    """Writes the list; when nobody is on it, it has nothing but its header, so that an old one can't mislead."""
    rows = [[safe_cell(each.student), shown_cell(each.name), shown_cell(each.why)] for each in left_out]
    write_report(path, csv_lines([["student", "name", "why"], *rows]))


NO_SCORE = "Nothing was graded: a 0 shown beside this is not a score."
NOT_FINAL = "Not graded in full, because of a failure on our side: these points are not final."


@dataclass(frozen=True)
class ExportedResult:
    """A result and its page, which has the words that learners read."""

    result: SubmissionResult
    page: Page

    @property
    def final(self) -> bool:
        """Whether the score is what the learner gets, from the checks or from a person."""
        return self.result.is_final

    @property
    def why_no_points(self) -> str:
        """Why there are no final points, for whoever exports; empty when there are."""
        if self.final:
            return ""
        if self._ours:
            return "no final points, because of a failure on our side: --resume grades again"
        return f"not graded, {labels.submission_words(self.result.status).words}: {self.result.note}"

    @property
    def _ours(self) -> bool:
        return self.result.status in (SubmissionStatus.GRADED, SubmissionStatus.GRADER_ERROR)

    @property
    def parts(self) -> list[ExercisePart]:
        """The exercises that there is something to say of, in the course's order."""
        return [part for _, parts in self.page.groups for part in parts]

    def opening(self) -> str:
        """The total and what is said of the whole: with whom and how late it was handed in, by a person, why it was not
        graded, what was left aside, how it was run."""
        page = self.page
        not_final = () if self.final else (NOT_FINAL if self._ours else NO_SCORE,)
        said = (page.total, *page.handed_in, *not_final, *page.comments, *page.notice, page.note)
        return "\n".join(text for text in said if text)

    def everything(self) -> str:
        """All that the learner may read, as lines of text."""
        pieces = [self.opening(), *(f"{part.id}: {part.title}\n{part_text(part)}" for part in self.parts)]
        return "\n\n".join(pieces)


def standing_of(result: SubmissionResult, course: Course, assignment: Assignment) -> ExportedResult:
    """A result with its page."""
    return ExportedResult(result, page_of(result, course, assignment))


def part_text(part: ExercisePart) -> str:
    """What the learner may read of one exercise, as lines of text."""
    return "\n".join(_part_lines(part))


def _part_lines(part: ExercisePart) -> Iterator[str]:
    yield f"{part.state.words}, {part.override or f'{part.points} points'}"
    yield from part.comments
    if part.summary:
        yield part.summary
    width = max((len(label) for label, _ in part.facts), default=0)
    for label, text in part.facts:
        for number, line in enumerate(text.split("\n")):
            yield f"  {'' if number else label:<{width}}  {line}".rstrip()
    if part.hint:
        yield f"Hint: {part.hint}"
    for advice in part.advice:
        yield f"Advice: {advice}"
