"""`collected.csv`: who handed in what, when, and with whom, as `collect` or a person wrote it, and as `grade` needs it.

A team's work is graded once, as one entry, and its result is kept for each member. So everything that comes after, from
the pages to the exports, knows only learners, and a person can still set the points of one member alone.
"""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.collecting.learners import not_a_name
from grader.core.assignment import Assignment, Course
from grader.core.due_dates import HandIn, due_with, lateness_of, read_time
from grader.core.errors import CollectError, did_you_mean
from grader.core.labels import counted, joined
from grader.core.sanitize import sanitized
from grader.grading.collect import COLLECTED, FoundEntries, gather
from grader.grading.submission import Entry, Unread
from grader.results.data_files import plain_cell, safe_cell
from grader.results.export.roster import folded, plain_heading, quoted_value, trimmed
from grader.results.export.roster_file import table_rows
from grader.results.store import ResultStore

COLUMNS = ("student", "learner", "roster_id", "members", "handed_in", "late", "extension", "from_file")
_A_SLIP = 0.8  # how alike a heading is to a column that it was meant to be; other headings are a person's own
_MOST_PROBLEMS = 20
_MOST_NAMES = 10
_FAST_CLOCK = timedelta(hours=1)
Row = dict[str, str]


def read_table(path: Path) -> list[tuple[int, Row]]:
    """Each row by its columns, with the number of its line. Columns of ours that are missing are empty; others stay.

    UTF-8 or UTF-16; separated by commas, semicolons or tabs. Raises `KitError` with a sentence for any other file.
    """
    rows = table_rows(path, "table")
    if not rows:
        raise CollectError(f"{path} is empty; expected a line with the names of the columns: {', '.join(COLUMNS)}.")
    (first, headings), *lines = rows
    columns = _columns(f"{path}, line {first}", [trimmed(heading) for heading in headings])
    found: list[tuple[int, Row]] = []
    for number, cells in lines:
        if any(trimmed(cell) for cell in cells[len(columns) :]):
            raise CollectError(
                f"{path}, line {number}: has {len(cells)} cells, and the first line names {len(columns)} columns. A "
                "cell that holds the separator must stand in quotes."
            )
        row = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
        if not trimmed(row["student"]):
            raise CollectError(f"{path}, line {number}, column student: is empty; expected the name of an entry.")
        found.append((number, {column: value for column, value in row.items() if column}))
    return found


def _columns(place: str, headings: list[str]) -> list[str]:
    columns = [plain if (plain := plain_heading(heading)) in COLUMNS else heading for heading in headings]
    for number, column in enumerate(columns):
        if column and column in columns[:number]:
            raise CollectError(f'{place}: the column "{sanitized(column, 60)}" is there twice; expected one.')
        near = difflib.get_close_matches(plain_heading(column), COLUMNS, n=1, cutoff=_A_SLIP)
        if column not in COLUMNS and near:
            raise CollectError(f'{place}: unknown column "{sanitized(column, 60)}". Did you mean "{near[0]}"?')
    if "student" not in columns:
        listed = ", ".join(f'"{sanitized(heading, 60)}"' for heading in headings)
        raise CollectError(
            f'{place}: there is no column "student", which holds the names of the entries; found {listed}. Expected '
            f"any of {', '.join(COLUMNS)}."
        )
    return columns


@dataclass(frozen=True)
class Collected:
    """What is graded: `entries`, each once, and by the name of a team's entry the learners who get its result.

    `hand_ins` is what is known of each learner, by name; `without_row` are the entries that the table doesn't name, if
    there is one.
    """

    entries: tuple[Entry | Unread, ...]
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hand_ins: Mapping[str, HandIn] = field(default_factory=dict)
    without_row: tuple[str, ...] = ()

    def learners(self, entry: str) -> tuple[str, ...]:
        """Who gets the result of an entry, by its name."""
        return self.teams.get(entry, (entry,))

    def learners_of(self, entries: Iterable[Entry | Unread]) -> set[str]:
        """Who gets a result of these entries."""
        return {learner for entry in entries for learner in self.learners(entry.student)}

    def noted(self, store: ResultStore) -> Iterator[str]:
        """Keeps what is known of each learner, and gives lines on what is not as in every folder."""
        if not self.hand_ins and (known := store.hand_ins()):
            said = f"what it said of {counted(len(known), 'learner')} counts no longer"
            yield f"There is no {COLLECTED} any more: {said}."
        store.note_hand_ins(self.hand_ins)
        teams = [f"{entry} ({joined(who)})" for entry, who in self.teams.items()]
        yield from _named("Graded once for a team", teams)
        missing = sorted(self.hand_ins.keys() - self.learners_of(self.entries))
        yield from _named(f"In {COLLECTED}, and nothing handed in", missing)
        yield from _named(f"Not in {COLLECTED}, so it isn't known when they came", self.without_row)


def _named(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield f"{what}: {', '.join(sanitized(name, 120) for name in names[:_MOST_NAMES])}{more}."


def read_collected(folder: Path, found: FoundEntries, course: Course, assignment: Assignment) -> Collected:
    """The entries of a folder of submissions with what its `collected.csv` says of them, if it is there.

    Raises `CollectError` with a sentence for each line and column that is wrong, and `ExportError` when it is no table.
    """
    path = folder / COLLECTED
    if not os.path.lexists(path) or path.is_dir():
        return Collected(found.entries)
    if path.is_symlink() or not path.is_file():
        raise CollectError(f"{path} is a link, or another thing that is no plain file. Put the table itself there.")
    reading = _Reading(found.entries, course, assignment)
    collected = reading.collected(read_table(path))
    if reading.problems:
        problems = sorted(reading.problems)
        told = [f"{path}, line {line}, column {column}: {what}" for line, column, what in problems[:_MOST_PROBLEMS]]
        more = [f"… and {len(problems) - _MOST_PROBLEMS} more."] if len(problems) > _MOST_PROBLEMS else []
        raise CollectError("\n".join([*told, *more, "Nothing was graded."]))
    return collected


@dataclass(frozen=True)
class _Line:
    """One row: `name` is the entry's where there is one, `members` are those of the whole team."""

    number: int
    name: str
    members: tuple[str, ...]
    cells: Row
    handed_in: datetime | None


class _Reading:
    """The rows and the entries brought together. `problems` gathers (line, column, sentence)."""

    def __init__(self, entries: Sequence[Entry | Unread], course: Course, assignment: Assignment) -> None:
        self.problems: list[tuple[int, str, str]] = []
        self._course, self._assignment = course, assignment
        self._entries = {entry.student: entry for entry in entries}
        self._names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for name in self._entries:
            self._learn(name)
        self._now = datetime.now(UTC)
        self._lines: dict[str, _Line] = {}
        self._team_of: dict[str, tuple[_Line, frozenset[str]]] = {}

    def collected(self, rows: list[tuple[int, Row]]) -> Collected:
        """All of it; it counts only where there are no problems."""
        named = [(number, self._name(row["student"]), row) for number, row in rows]
        for _, name, _ in named:
            self._learn(name)
        for number, name, row in named:
            if earlier := self._lines.get(name):
                self._wrong(number, "student", name, f"is there twice: line {earlier.number} has it already.")
            else:
                self._lines[name] = _Line(number, name, self._members(number, name, row), row, self._time(number, row))
        teams, copies = self._teams()
        has_roster = any(trimmed(line.cells["roster_id"]) for line in self._lines.values())
        learners = dict.fromkeys(
            [
                *(who for name in self._entries if name not in copies for who in teams.get(name, (name,))),
                *(line.name for line in self._lines.values() if self._is_without_work(line)),
            ]
        )
        hand_ins = {
            learner: self._hand_in(learner, next((who for who in teams.values() if learner in who), ()), has_roster)
            for learner in learners
        }
        return Collected(
            tuple(entry for name, entry in self._entries.items() if name not in copies),
            teams,
            {learner: known for learner, known in hand_ins.items() if known},
            tuple(name for name in self._entries if name not in self._lines and name not in self._team_of),
        )

    def _wrong(self, number: int, column: str, value: str, what: str) -> None:
        self.problems.append((number, column, f"{quoted_value(value)} {what}"))

    def _learn(self, name: str) -> None:
        """Every way in which a cell may mean this name: as it is, as our tables write it, as people take it for one."""
        for way in (("exact", name), ("ours", safe_cell(name)), ("folded", folded(name))):
            self._names[way].add(name)

    def _name(self, text: str) -> str:
        """The entry or row that a text means, or the text itself."""
        ways = (("exact", text), ("ours", text), ("ours", safe_cell(text)))
        # An apostrophe is a part of a name, unless the entries say that it is a spreadsheet's mark for text.
        as_people = (("folded", folded(each)) for each in (plain_cell(text), text.removeprefix("'")))
        for way in (*ways, *as_people):
            if len(found := self._names.get(way, ())) == 1:
                return next(iter(found))
        return trimmed(plain_cell(text))

    def _members(self, number: int, name: str, row: Row) -> tuple[str, ...]:
        cell = row["members"]
        if trimmed(cell.partition(";")[0]) not in self._entries:
            cell = plain_cell(cell)
        texts = [text for part in cell.split(";") if (text := trimmed(part))]
        members = tuple(self._name(text) for text in texts)
        if not members:
            return ()
        if len(set(members)) < len(members):
            self._wrong(number, "members", row["members"], "names somebody twice.")
        elif len(members) < 2:
            wanted = "names one alone; expected all members of a team, separated by semicolons, or nothing."
            self._wrong(number, "members", row["members"], wanted)
        elif name not in members and trimmed(row["roster_id"]):
            self._wrong(number, "members", row["members"], f"leaves out {quoted_value(name)}; expected the whole team.")
        for member in members:
            if member not in self._entries and (why := not_a_name(member)):
                self._wrong(number, "members", row["members"], f"has no name for {quoted_value(member)}: {why}.")
        return members

    def _time(self, number: int, row: Row) -> datetime | None:
        text = trimmed(row["handed_in"])
        if trimmed(row["late"]).casefold() not in ("", "yes", "no"):
            self._wrong(number, "late", row["late"], "is neither yes nor no, nor empty.")
        if not text:
            return None
        try:
            time = read_time(text, self._course.time_zone)
        except ValueError as error:
            self._wrong(number, "handed_in", text, str(error))
            return None
        if time.astimezone(UTC) > self._now + _FAST_CLOCK:
            self._wrong(number, "handed_in", text, f"is still to come: it is {self._now:%Y-%m-%d %H:%M} UTC.")
        return time

    def _is_without_work(self, line: _Line) -> bool:
        return line.name not in self._entries and line.name not in self._team_of

    def _teams(self) -> tuple[dict[str, tuple[str, ...]], set[str]]:
        """The learners of each team by the name of the entry that is graded for it; and the entries that are copies."""
        of_team: defaultdict[frozenset[str], list[_Line]] = defaultdict(list)
        for line in self._lines.values():
            if line.members:
                of_team[frozenset(line.members)].append(line)
        teams: dict[str, tuple[str, ...]] = {}
        copies: set[str] = set()
        for team, lines in of_team.items():
            own = [line.name for line in lines if line.name in self._entries]
            own += [name for name in lines[0].members if name in self._entries and name not in self._lines]
            if own:
                who = tuple(member for member in lines[0].members if self._is_in(member, team, lines[0]))
                if not who:
                    self._wrong(
                        lines[0].number, "members", lines[0].cells["members"], "have entries of their own, all."
                    )
                entry = self._one_of(own, lines[0])
                teams[entry] = who
                copies |= {*own} - {entry}
        for line in self._lines.values():
            said = [column for column in ("members", "handed_in", "late", "from_file") if trimmed(line.cells[column])]
            if self._is_without_work(line) and said:
                near = did_you_mean(line.name, list(self._entries), is_person=True)
                what = f"is the name of no entry, and {said[0]} says that something was handed in.{near}"
                self._wrong(line.number, "student", line.name, what)
        return {entry: who for entry, who in teams.items() if who != (entry,)}, copies

    def _is_in(self, member: str, team: frozenset[str], line: _Line) -> bool:
        """Whether a member gets this team's result, and not that of another entry with a row of its own."""
        row = self._lines.get(member)
        if row and frozenset(row.members) != team:
            if member in self._entries:
                return False
            if row.members:
                self._wrong(
                    row.number, "members", row.cells["members"], f"differs from the team in line {line.number}."
                )
        other = self._team_of.get(member)
        if other and other[1] != team:
            what = f"names {quoted_value(member)}, who is in the team of line {other[0].number} already."
            self._wrong(line.number, "members", line.cells["members"], what)
        self._team_of.setdefault(member, (line, team))
        return True

    def _one_of(self, names: Sequence[str], line: _Line) -> str:
        """The entry that is graded, of several that must be copies of one work."""
        works = {name: self._content(self._entries[name]) for name in names}
        if len(set(works.values())) > 1:
            wanted = "a team has one work. Give each of these entries the one that counts, or remove the others."
            self._wrong(line.number, "members", line.cells["members"], f"have entries that differ: {wanted}")
        return names[0]

    def _content(self, entry: Entry | Unread) -> object:
        """The same for copies, whatever they are called."""
        files = entry if isinstance(entry, Unread) else gather(entry, self._assignment.limits)
        if isinstance(files, Unread):
            return files.status
        return files.digest if files.is_folder else (files.files[0].data, files.files[0].problem)

    def _hand_in(self, learner: str, team: tuple[str, ...], has_roster: bool) -> HandIn | None:
        """What is known of one learner: the own row counts, and for the time also that of the team."""
        line = self._lines.get(learner)
        with_team = self._team_of[learner][0] if learner in self._team_of else None
        if line is None and with_team is None:
            return None
        lines = [each for each in (line, with_team) if each]
        times = {each.handed_in.astimezone(UTC): each for each in lines if each.handed_in}
        if len(times) > 1 and line:
            told = f"is another time than that of the team's work, in line {lines[1].number}."
            self._wrong(line.number, "handed_in", line.cells["handed_in"], told)
        late, due = self._assignment.late, self._due(lines)
        lateness = lateness_of(late, due, next(iter(times), None))
        said_late = any(trimmed(each.cells["late"]).casefold() == "yes" for each in lines)
        return HandIn(
            members=team if len(team) > 1 else (),
            in_roster=bool(trimmed(line.cells["roster_id"])) if line and has_roster else None,
            lateness=lateness,
            time_missing=said_late and lateness is None and late.penalty_per_day > 0,
        )

    def _due(self, lines: Sequence[_Line]) -> datetime | None:
        """With the extension of the learner, else that of the team."""
        with_one = next((each for each in lines if trimmed(each.cells["extension"])), lines[0])
        extension = trimmed(with_one.cells["extension"])
        try:
            return due_with(extension, self._assignment.due, self._course.time_zone)
        except ValueError as error:
            problem = (with_one.number, "extension", f"{quoted_value(extension)} {error}")
            self.problems += [] if problem in self.problems else [problem]
            return None
