"""A class in which everything has happened, as large as one wants: drawn, stored, and decided about."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from grader.core.assignment import Assignment
from grader.core.records import (
    Cause,
    CheckResult,
    CheckStatus,
    Effort,
    Excerpt,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    Source,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results.decisions import Decision
from grader.results.record_rows import BatchKey
from grader.results.store import FILE, ResultStore

S = ExerciseStatus
NOT_GRADED = (SubmissionStatus.UNREADABLE, SubmissionStatus.REFUSED, SubmissionStatus.NOT_FOUND)
# Of one check more pass who are weak: it goes against the rest. Of another everybody passes, and of one nobody.
LINES = ("def add(a, b):", "    # <b>", "    a += b", "    return a")
SOURCES = (
    Source("first", tuple((number, None, text) for number, text in enumerate(LINES, 1))),
    Source("second", ((1, 4, "import <b>"), (2, 4, ""), (1, 7, "x = 1")), 2),
)
AGAINST, EVERYBODY, NOBODY = "test_against", "test_everybody", "test_nobody"


def varied_class(assignment: Assignment, size: int, seed: int = 0) -> Iterator[SubmissionResult]:
    """So many results, the first of which have all that can become of a submission."""
    draw = random.Random(seed)
    for number in range(size):
        student = f"learner-{number:04}"
        if number % 40 < 3:
            status = NOT_GRADED[number % 40]
            exercises = tuple(ExerciseResult(id, S.NOT_FOUND, 0.0, e.points) for id, e in assignment.exercises.items())
            yield SubmissionResult(student, status, exercises, f"Why it is {status.value}.")
        elif number % 40 == 3:
            exercises = tuple(
                ExerciseResult(id, S.GRADER_ERROR, 0.0, e.points) for id, e in assignment.exercises.items()
            )
            yield SubmissionResult(student, SubmissionStatus.GRADER_ERROR, exercises, "We failed twice.")
        else:
            yield _graded(student, assignment, draw)


def _graded(student: str, assignment: Assignment, draw: random.Random) -> SubmissionResult:
    skill = draw.random()
    wrong: set[str] = set()
    exercises = []
    for id, known in assignment.exercises.items():
        is_right = draw.random() < 0.35 + 0.6 * skill
        blocked = bool(wrong & set(known.needs)) and not is_right
        status = S.PASSED if is_right else S.BLOCKED if blocked else draw.choice([S.PARTIAL, *OTHERS])
        if status is not S.PASSED:
            wrong.add(id)
        share = {S.PASSED: 1.0, S.PARTIAL: draw.choice([0.25, 0.5])}.get(status, 0.0)
        exercises.append(_exercise(id, known.points, status, share, skill, draw))
    return SubmissionResult(
        student, SubmissionStatus.GRADED, tuple(_with_effort(exercise, student) for exercise in exercises)
    )


OTHERS = (
    S.PARTIAL,
    S.FAILED,
    S.FAILED,
    S.FAILED,
    S.TODO,
    S.TIMED_OUT,
    S.CRASHED,
    S.FORBIDDEN,
    S.NOT_FOUND,
    S.GRADER_ERROR,
)


def _exercise(
    id: str, points: float, status: ExerciseStatus, share: float, skill: float, draw: random.Random
) -> ExerciseResult:
    passes = {
        "test_values": status is S.PASSED,
        "test_shapes": status is S.PASSED or share > 0,
        AGAINST: draw.random() > skill,
        EVERYBODY: True,
        NOBODY: False,
    }
    checks = tuple(
        CheckResult(name, CheckStatus.PASSED if passed else CheckStatus.FAILED, points / 5 * passed, points / 5)
        for name, passed in passes.items()
    )
    checks = (*checks, CheckResult("test_guard", CheckStatus.PASSED, 0.0, 0.0))
    misconception, cause, finding = None, None, None
    if status in (S.FAILED, S.PARTIAL, S.CRASHED, S.TIMED_OUT):
        kind = draw.choice(["sum", "sum", "sign", "repair", "behaviour", "exception", "none"])
        says = {"repair": "Look at the operator in `a += b`.", "exception": "Stopped with 3 of 4: so it is."}.get(
            kind, "It is wrong."
        )
        finding = Finding(says, (("called", f"{id}(1)"), ("where", "first.py, line 3:  a += b")))
        if kind in ("sum", "sign"):
            misconception = f"{id}_{kind}"
            finding = Finding(f"That is the {kind}.", (("read", "the lesson, “Sums” (lesson.html#sums)"),))
        elif kind != "none":
            cause = Cause(kind, "first", 3, says)  # type: ignore[arg-type]
    if status is S.FORBIDDEN:
        finding = Finding("This exercise asks you to write it yourself.")
    around = Excerpt(1, LINES) if cause else None
    return ExerciseResult(id, status, share * points, points, checks, finding, (), misconception, cause, around)


def _with_effort(exercise: ExerciseResult, student: str) -> ExerciseResult:
    """What it took: of a few nearly all of a limit, and a few whose cause was searched for in vain."""
    draw = random.Random(f"{student} {exercise.id}")
    seconds = round(draw.expovariate(10), 4)
    cut = exercise.status is S.FAILED and exercise.cause is None and draw.random() < 0.7
    return replace(exercise, effort=Effort(seconds, min(1.0, round(2 * seconds, 4)), cut))


DECISIONS = [
    ("learner-0000", "add", 1.5, 0.0),  # was unreadable
    ("learner-0003", "add", 2.0, 0.0),  # was our mistake
    ("learner-0010", "add", 2.0, 0.0),
    ("learner-0010", "mean", 1.0, 0.0),
    ("learner-0011", "plot", 0.0, 5.0),
    ("learner-0012", "plot", 2.5, 4.0),  # the checks give something else now
    ("learner-0013", "plot", 1.0, 0.0),
    ("learner-0013", "plot", None, 0.0),  # taken back
]


def stored_class(folder: Path, assignment: Assignment, size: int, seed: int = 0) -> None:
    """The same, in a store of its own in `folder`, with decisions of a person."""
    with ResultStore.create(folder, BatchKey(assignment.id, 7, "cpu", "digest", "0.1.0")) as store:
        for result in varied_class(assignment, size, seed):
            sources = SOURCES if result.status is SubmissionStatus.GRADED else ()
            store.put(result, "digest", 0.1, sources=sources)
        for student, exercise, points, gave in DECISIONS:
            store.decide(Decision(student, exercise, points, "So it is.", "helena", "2026-11-23T10:00:00+01:00", gave))


def multiplied(folder: Path, times: int) -> None:
    """Copy each submission so many times, for a class that would take long to store one by one."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        for table, name in (
            ("submissions", "student"),
            ("exercises", "student"),
            ("checks", "student"),
            ("sources", "student"),
        ):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            values = ", ".join("student || '-' || n" if column == name else column for column in columns)
            database.execute(
                f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times - 1}) "
                f"INSERT INTO {table} SELECT {values} FROM {table}, numbers"
            )
        database.commit()
