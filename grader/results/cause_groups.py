"""A class's mistakes, grouped: answers that behave alike, and what no misconception names by what its cause says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grader.core.labels import mistake_words
from grader.core.records import Cause, CheckStatus, ExerciseResult, ExerciseStatus, Finding, SubmissionResult
from grader.core.sanitize import sanitized

ELIDED = "…"
_QUOTED = re.compile(r"`[^`]*`")
_NUMBER = re.compile(r"-?\b\d+(?:[.,]\d+)*\b")
# Where the first words of what is said of an exception end. What comes after them is about this one case, or advice.
_FIRST_WORDS = re.compile(r"(.+?)(?::\s|[.?!](?:\s|$))", re.DOTALL)
_LONGEST = 300
_HAS_A_CAUSE = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.TIMED_OUT, ExerciseStatus.CRASHED)


@dataclass(frozen=True)
class CauseGroup:
    """Mistakes in one exercise that are of one kind, the learners who made one, and the cause of the first of them.

    `kind` is what their causes say, less what each quotes of its learner's code, and `finding` what the first one
    reads. Where no cause is known, `example` is None, `by` is the exercise's status, `kind` is what they read, and
    `checks` are those that don't pass. `alike` are the groups of answers among them that have several learners.
    """

    exercise: str
    by: str
    kind: str
    checks: tuple[str, ...]
    students: tuple[str, ...]
    example: Cause | None
    finding: Finding | None
    alike: tuple[tuple[str, int], ...] = ()

    @property
    def learners(self) -> int:
        """How many made it."""
        return len(self.students)

    @property
    def student(self) -> str:
        """Whose the example is."""
        return self.students[0]

    @property
    def place(self) -> str:
        """Where the example's learner has it; empty where that isn't known."""
        return place_of_cause(self.example)


def place_of_cause(cause: Cause | None) -> str:
    """Where it is: "from_scratch.py, line 31", or "from_scratch, cell 5, line 3"; empty where that isn't known."""
    if cause is None:
        return ""
    parts = [f"{cause.module}.py" if cause.cell is None else f"{cause.module}, cell {cause.cell}"]
    return ", ".join(parts if cause.line is None else [*parts, f"line {cause.line}"])


_Key = tuple[str, str, str, tuple[str, ...]]


class CauseGroups:
    """Groups mistakes that no misconception names, by `add`; `without_cause`: also those whose cause isn't known."""

    def __init__(self, *, without_cause: bool = False) -> None:
        self._without_cause = without_cause
        self._found: dict[_Key, tuple[list[str], ExerciseResult, Counter[str]]] = {}
        self._places: dict[str, int] = {}

    def add(self, result: SubmissionResult) -> None:
        """One more submission."""
        for exercise in result.exercises:
            self._places.setdefault(exercise.id, len(self._places))
            key = self._key(exercise)
            if key is not None:
                students, _, alike = self._found.setdefault(key, ([], exercise, Counter()))
                students.append(result.student)
                alike.update([exercise.group] if exercise.group else [])

    def _key(self, exercise: ExerciseResult) -> _Key | None:
        cause = exercise.cause
        if exercise.misconception:
            return None
        if cause is not None:
            return exercise.id, cause.by, kind_of_cause(cause), ()
        if not self._without_cause or exercise.status not in _HAS_A_CAUSE or exercise.finding is None:
            return None
        failing = tuple(check.id for check in exercise.checks if check.status is not CheckStatus.PASSED)
        return exercise.id, exercise.status.value, _first_words(exercise.finding.summary), failing

    def groups(self) -> list[CauseGroup]:
        """The largest first; those of one size in the course's order of exercises."""
        groups = [
            CauseGroup(*key, tuple(students), first.cause, first.finding, _several(alike))
            for key, (students, first, alike) in self._found.items()
        ]
        return sorted(groups, key=lambda each: (-each.learners, self._places[each.exercise], each.by, each.kind))


def _several(alike: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The largest first; those of one size by name."""
    return tuple(sorted(((id, n) for id, n in alike.items() if n > 1), key=lambda each: (-each[1], each[0])))


def cause_groups(results: Iterable[SubmissionResult]) -> list[CauseGroup]:
    """The groups of mistakes whose cause is known: the largest first; those of one size in the course's order."""
    found = CauseGroups()
    for result in results:
        found.add(result)
    return found.groups()


def kind_of_cause(cause: Cause) -> str:
    """What is said, with a sign in place of what is quoted; of an exception its first words, without the numbers."""
    if cause.by == "exception":
        return _first_words(cause.says)
    return sanitized(_unquoted(cause.says).removesuffix("."), _LONGEST)


def _first_words(text: str) -> str:
    said = _unquoted(text)
    first = _FIRST_WORDS.match(said)
    return sanitized(_NUMBER.sub(ELIDED, first[1] if first else said).removesuffix("."), _LONGEST)


def _unquoted(text: str) -> str:
    return " ".join(_QUOTED.sub(ELIDED, text).split())


_CAN_BE_ALIKE = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.FORBIDDEN)


@dataclass(frozen=True)
class AnswerGroup:
    """Answers to one exercise that behave alike: those who gave them, by how they are written, the most first; `what`
    they come of, and where the first of them has it."""

    id: str
    exercise: str
    ways: tuple[tuple[str, ...], ...]
    what: str
    example: str

    @property
    def students(self) -> tuple[str, ...]:
        """All of them, by name."""
        return tuple(sorted(student for way in self.ways for student in way))


def can_have_a_group(result: SubmissionResult) -> bool:
    """Whether something in a submission is not right or not allowed, so that others may answer alike."""
    return any(each.as_checked().status in _CAN_BE_ALIKE for each in result.exercises)


def answer_groups(results: Iterable[SubmissionResult]) -> list[AnswerGroup]:
    """The groups of what is not right or not allowed: the largest first, those of one size in the course's order of
    exercises."""
    found: defaultdict[tuple[str, str], list[tuple[str, ExerciseResult]]] = defaultdict(list)
    places: dict[str, int] = {}
    for result in results:
        for each in result.exercises:
            places.setdefault(each.id, len(places))
            checked = each.as_checked()
            if checked.group and checked.status in _CAN_BE_ALIKE:
                found[each.id, checked.group].append((result.student, checked))
    groups = [_answer_group(id, exercise, members) for (exercise, id), members in found.items()]
    return sorted(groups, key=lambda each: (-len(each.students), places[each.exercise], each.id))


def _answer_group(id: str, exercise: str, members: list[tuple[str, ExerciseResult]]) -> AnswerGroup:
    ways: defaultdict[str, list[str]] = defaultdict(list)
    for student, each in members:
        ways[each.written or f"by {student}"].append(student)
    what = Counter(_what(each) for _, each in members).most_common(1)[0][0]
    student, first = next((student, each) for student, each in members if _what(each) == what)
    place = place_of_cause(first.cause)
    in_order = sorted((tuple(sorted(way)) for way in ways.values()), key=lambda way: (-len(way), way))
    return AnswerGroup(id, exercise, tuple(in_order), what, f"{student}: {place}" if place else student)


def _what(exercise: ExerciseResult) -> str:
    if exercise.misconception:
        return mistake_words(exercise.id, exercise.misconception)
    if exercise.status is ExerciseStatus.FORBIDDEN and exercise.finding:
        return _first_words(exercise.finding.summary)
    if exercise.cause:
        return kind_of_cause(exercise.cause)
    return _first_words(exercise.finding.summary) if exercise.finding else exercise.status.value
