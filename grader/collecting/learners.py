"""Who in the roster handed something in, and which of several submissions of one learner counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.collecting.download import LeftAside
from grader.collecting.systems import PARTICIPANT, Claim, Work, shown
from grader.core.errors import CollectError
from grader.core.sanitize import sanitized
from grader.results.export.roster import Person, Roster, folded, trimmed

_LONGEST = 200  # bytes; an ending and what a file system adds must have room
_ENDINGS = (".zip", ".ipynb")


@dataclass(frozen=True)
class NewEntry:
    """What one learner gets graded: `student` is the entry's name, `roster_id` the same or empty for a stranger.

    `members` are the names of the entries of the whole team, empty for a learner alone; `extension` is what the roster
    says of more time.
    """

    student: str
    learner: str
    roster_id: str
    members: tuple[str, ...]
    work: Work
    extension: str = ""


@dataclass(frozen=True)
class Named:
    """The entries, sorted by name; what is left out; those of the roster of whom there is nothing."""

    entries: tuple[NewEntry, ...]
    aside: tuple[LeftAside, ...]
    without_work: tuple[Person, ...]


def named(works: Sequence[Work], roster: Roster | None) -> Named:
    """An entry for each learner and each member of a team. Raises `CollectError` when a name can't be an entry's."""
    index = _Index(roster)
    index.learn_clones(claim.ends_with for work in works for claim in work.by if claim.ends_with)
    aside: list[LeftAside] = []
    by_student: defaultdict[str, list[NewEntry]] = defaultdict(list)
    for work in works:
        persons = [index.person(claim) for claim in work.by]
        students = [_student(person, claim) for person, claim in zip(persons, work.by, strict=True)]
        team = tuple(dict.fromkeys(students)) if len(set(students)) > 1 else ()
        each = dict(zip(students, zip(work.by, persons, strict=True), strict=True))
        for student, (claim, person) in each.items():
            wrong = not_a_name(student)
            if wrong and person:
                raise CollectError(
                    f"The roster, line {person.line}: {shown(student)} can't be the name of an entry: {wrong}. "
                    "Correct it in the roster."
                )
            if person is None and folded(student) in index.ids:
                wrong = f"that is somebody else in the roster, and {shown(claim.name)} is not in it"
            if wrong:
                aside.append(LeftAside(work.source, f"the entry would be called {shown(student)}: {wrong}"))
                continue
            learner = person.name if person and person.name else claim.name
            known = (person.student, person.extension) if person else ("", "")
            by_student[student].append(NewEntry(student, learner, known[0], team, work, known[1]))
    entries = []
    for student in sorted(by_student):
        counts, older = _newest(by_student[student])
        aside += older
        entries += counts
    missing = tuple(person for line, person in index.by_line.items() if line not in index.found)
    return Named(tuple(entries), tuple(aside), missing)


def _newest(several: list[NewEntry]) -> tuple[list[NewEntry], list[LeftAside]]:
    """The one that counts. Where nothing says which is newer, none does: a person decides."""
    if len(several) == 1:
        return several, []
    dates = [each.work.handed_in for each in several]
    newest = max((date for date in dates if date), default=None)
    if None in dates or dates.count(newest) > 1:
        others = " and ".join(shown(each.work.source) for each in several)
        why = f"{shown(several[0].student)} has {others}, and nothing says which is newer. Keep the one that counts"
        return [], [LeftAside(each.work.source, why) for each in several]
    counts = several[dates.index(newest)]
    why = f"{shown(counts.work.source)} of {shown(counts.student)} is newer"
    return [counts], [LeftAside(each.work.source, why) for each in several if each is not counts]


def _student(person: Person | None, claim: Claim) -> str:
    return trimmed(person.student) if person else trimmed(claim.own)


def not_a_name(student: str) -> str:
    """Why it can't be an entry's name; empty when it can."""
    if not student or student.startswith("."):
        return "it is empty, or begins with a dot, and hidden files are not graded"
    if "/" in student or sanitized(student, len(student) * 10) != student:
        return "it has a slash, or a character that can't be seen"
    if len(student.encode(errors="replace")) > _LONGEST:
        return f"it is longer than {_LONGEST} bytes"
    if student.casefold().endswith(_ENDINGS):
        return "it ends like a file"
    return ""


class _Index:
    """The roster, by what is in its columns."""

    def __init__(self, roster: Roster | None) -> None:
        people = roster.people if roster else ()
        self.by_line = {person.line: person for person in people}
        self.ids = {folded(person.student) for person in people}
        self.found: set[int] = set()
        self._lines: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for person in people:
            for column in ("student", "email", "login", "sis_id", "canvas_id", "idnumber", "github"):
                if value := folded(getattr(person, column)):
                    self._lines[column, value].add(person.line)
            if words := _words(person.name):
                self._lines["name", words].add(person.line)
        self._github = {folded(person.github): person.line for person in people if person.github}
        self._before = ""
        self._has_canvas_ids = any(person.canvas_id for person in people)
        # Moodle's number of a participant is known to its grading worksheet only; elsewhere a number may be anything.
        self._is_worksheet = "identifier" in map(folded, roster.headings if roster else ())

    def person(self, claim: Claim) -> Person | None:
        """The only one who is meant, by the first key that finds anybody."""
        for column, value in claim.keys:
            if column == "student" and ("canvas_id", value) in claim.keys and self._has_canvas_ids:
                continue
            key = _words(value) if column == "name" else folded(value)
            lines = self._lines.get(("student" if column == PARTICIPANT else column, key), set())
            if len(lines) == 1:
                person = self.by_line[next(iter(lines))]
                if column != PARTICIPANT or self._is_participant(person, claim):
                    self.found.add(person.line)
                    return person
        return self._by_ending(claim.ends_with) if claim.ends_with else None

    def learn_clones(self, names: Iterable[str]) -> None:
        """Find out what all clones are called before the learner's name: what fits most of the roster's names."""
        votes = Counter(before for name in names for before, user in _cuts(name) if user in self._github)
        most = max(votes.values(), default=0)
        self._before = min((before for before, number in votes.items() if number == most), key=len, default="")

    def _by_ending(self, name: str) -> Person | None:
        """The one whose GitHub name is all that follows in the name of a clone."""
        line = next((self._github.get(user) for before, user in _cuts(name) if before == self._before), None)
        if line is None:
            return None
        self.found.add(line)
        return self.by_line[line]

    def _is_participant(self, person: Person, claim: Claim) -> bool:
        return self._is_worksheet or not person.name or _words(person.name) == _words(claim.name)


def _cuts(name: str) -> Iterator[tuple[str, str]]:
    """Every way to take `lab-1-ada-l` for a name that all clones begin with, and a learner's."""
    parts = folded(name).split("-")
    for at in range(len(parts)):
        yield "-".join(parts[:at]), "-".join(parts[at:])


def _words(name: str) -> str:
    """The same for `Lovelace, Ada` and `Ada Lovelace`."""
    return " ".join(sorted(re.findall(r"\w+", folded(name))))
