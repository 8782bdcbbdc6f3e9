"""What people decided, in `results.db`: points and comments, and the groups of answers alike that they may be for.

Rows are only ever added. Points and comments are for a student, for a group, or for everybody; of each of these, the
latest counts. Points of a student come before those of a group, and these before everybody's; comments come together.

A group is of answers to the same calls. When an unchanged submission is graded with other checks, its group goes on as
the one that it is in then, and what was decided about the one is decided about the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from grader.core.answers import Answers
from grader.core.records import Comment, ExerciseResult, Override, SubmissionResult
from grader.results.database import Database, Row

_POINTS = 'SELECT student, exercise, points, reason, "by", at, checks_gave, of_group AS "group" FROM overrides'
_COMMENTS = 'SELECT student, exercise, of_group AS "group", text, "by", at FROM comments'
# Whose decisions are looked for is said within: it is asked for some fifty students at a time.
_LATEST = "id IN (SELECT max(id) FROM {} {} GROUP BY student, of_group, exercise)"
_POINTS_IN_FORCE = f"{_POINTS} WHERE points IS NOT NULL AND {_LATEST.format('overrides', '{}')}"
_COMMENTS_IN_FORCE = f"{_COMMENTS} WHERE text IS NOT NULL AND {_LATEST.format('comments', '{}')}"


@dataclass(frozen=True)
class Decision:
    """One entry of the history of overrides: points were set, or, where `points` is None, taken back. They are those of
    a student, of a `group`, or, where both are empty, of everybody."""

    student: str
    exercise: str
    points: float | None
    reason: str
    by: str
    at: str
    checks_gave: float | None
    group: str = ""


@dataclass(frozen=True)
class Remark:
    """One entry of the history of comments: one was written, or, where `text` is None, taken back. It is for a student,
    a `group`, or, where both are empty, for everybody; `exercise` is empty for a whole submission."""

    student: str
    exercise: str
    group: str
    text: str | None
    by: str
    at: str


class PeoplesDecisions:
    """What people decided about the results in a database, each in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(self, *decisions: Decision) -> None:
        """Keeps decisions about points; from now on they are the ones that count for whom they are."""
        with self._database.transaction():
            self._database.insert("overrides", *map(_row, decisions))

    def comment(self, *remarks: Remark) -> None:
        """Keeps comments that are written or taken back; the latest is the one that counts for whom it is."""
        with self._database.transaction():
            self._database.insert("comments", *map(_row, remarks))

    def overrides(self) -> list[Decision]:
        """The overrides that count, by student, group and exercise; also those of learners who have no result now."""
        return sorted(map(_decision, self._found(_POINTS_IN_FORCE.format(""))), key=_by_target)

    def decisions(self) -> list[Decision]:
        """The history: every override that was ever set, replaced or taken back, the oldest first."""
        return list(map(_decision, self._found(f"{_POINTS} ORDER BY id")))

    def comments(self) -> list[Remark]:
        """The comments that count, by student, group and exercise."""
        return sorted(map(_remark, self._found(_COMMENTS_IN_FORCE.format(""))), key=_by_target)

    def remarks(self) -> list[Remark]:
        """The history: every comment that was ever written, replaced or taken back, the oldest first."""
        return list(map(_remark, self._found(f"{_COMMENTS} ORDER BY id")))

    def lineage(self, group: str) -> set[str]:
        """A group and those that went on as it when checks were changed: what was decided about them counts for it."""
        with self._database.transaction():
            return _lineage(_earlier(self._database), group)

    def went_on_as(self, group: str) -> set[str]:
        """The groups as which one went on when checks were changed."""
        with self._database.transaction():
            earlier = _earlier(self._database)
        return {each for each in earlier if group in _lineage(earlier, each)} - {group}

    def _found(self, query: str) -> list[Row]:
        with self._database.transaction():
            return self._database.rows(query)


def _row(decided: Decision | Remark) -> Row:
    fields = asdict(decided)
    fields["of_group"] = fields.pop("group")
    return fields


def _decision(row: Row) -> Decision:
    return Decision(**row)


def _remark(row: Row) -> Remark:
    return Remark(**row)


def _by_target(each: Decision | Remark) -> tuple[str, str, str]:
    return each.student, each.group, each.exercise


_Target = tuple[str, str, str]


class Decided:
    """What counts for these students, and how results read with it."""

    def __init__(self, database: Database, students: list[str]) -> None:
        of_them = f"WHERE student IN ({', '.join('?' * (len(students) + 1))})"
        named = ["", *students]
        self._earlier = _earlier(database)
        self._points: dict[_Target, tuple[int, Override]] = {}
        for place, row in enumerate(database.rows(f"{_POINTS_IN_FORCE.format(of_them)} ORDER BY id", named)):
            target = row.pop("student"), row["group"], row.pop("exercise")
            self._points[target] = place, Override(**row)
        self._comments: defaultdict[_Target, list[tuple[int, Comment]]] = defaultdict(list)
        for place, row in enumerate(database.rows(f"{_COMMENTS_IN_FORCE.format(of_them)} ORDER BY id", named)):
            target = row["student"], row["group"], row["exercise"]
            self._comments[target].append((place, Comment(row["text"], row["by"], row["at"])))

    def on(self, result: SubmissionResult) -> SubmissionResult:
        """The result with a person's points in place of the checks', and with what a person says to it."""
        if not self._points and not self._comments:
            return result
        student = result.student
        exercises = tuple(
            replace(exercise, comments=self._said(student, exercise.id, exercise.group))
            for exercise in result.exercises
        )
        found = replace(result, exercises=exercises, comments=self._said(student, ""))
        points = {each.id: override for each in exercises if (override := self._set(student, each))}
        return found.overruled(points) if points else found

    def _set(self, student: str, exercise: ExerciseResult) -> Override | None:
        own = self._points.get((student, "", exercise.id))
        of_group = [
            found
            for group in _lineage(self._earlier, exercise.group)
            if (found := self._points.get(("", group, exercise.id)))
        ]
        of_all = self._points.get(("", "", exercise.id))
        found = own or max(of_group, key=lambda each: each[0], default=None) or of_all
        return found[1] if found else None

    def _said(self, student: str, exercise: str, group: str = "") -> tuple[Comment, ...]:
        targets = {(student, "", exercise), ("", "", exercise)}
        targets |= {("", each, exercise) for each in _lineage(self._earlier, group)}
        found = sorted(each for target in targets for each in self._comments.get(target, ()))
        return tuple(comment for _, comment in found)


def _earlier(database: Database) -> dict[str, set[str]]:
    """By group, those that went on as it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in database.rows("SELECT before, after FROM groups_went_on"):
        found[row["after"]].add(row["before"])
    return dict(found)


def _lineage(earlier: Mapping[str, Iterable[str]], group: str) -> set[str]:
    """A group and all that went on as it, over however many steps; none of none."""
    found: set[str] = set()
    waiting = [group] if group else []
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += earlier.get(each, ())
    return found


def groups_of(
    database: Database, result: SubmissionResult, graded_with: Mapping[str, str], unchanged: Mapping[str, Row]
) -> dict[str, str]:
    """The group of each exercise that has one; a group that no stored one is like is made. `unchanged` are the rows of
    the exercises as they were, where the same was handed in: what has no answers now stays where it was."""
    found: dict[str, str] = {}
    for exercise in result.exercises:
        before = unchanged.get(exercise.id, {"of_group": "", "graded_with": ""})
        if exercise.answers is None:
            found[exercise.id] = before["of_group"]
            continue
        group = _group_like(database, exercise.id, exercise.answers)
        found[exercise.id] = group
        other_checks = before["graded_with"] != graded_with.get(exercise.id, "")
        if other_checks and before["of_group"] not in ("", group):
            link = "INSERT OR IGNORE INTO groups_went_on (before, after) VALUES (?, ?)"
            database.change(link, [before["of_group"], group])
    return {exercise: group for exercise, group in found.items() if group}


def _group_like(database: Database, exercise: str, answers: Answers) -> str:
    """The id of the group that gives these answers."""
    query = "SELECT id, shows, numbers FROM groups WHERE exercise = ? AND shows = ?"
    for row in database.rows(query, [exercise, answers.shows]):
        if answers.is_like(Answers(row["shows"], row["numbers"])):
            return str(row["id"])
    longer = 0
    while database.rows("SELECT id FROM groups WHERE id = ?", [f"{exercise}-{answers.name(longer)}"]):
        longer += 1
    id = f"{exercise}-{answers.name(longer)}"
    database.insert("groups", {"id": id, "exercise": exercise, **asdict(answers)})
    return id
