"""Records as rows of `results.db` and back: results, what grading again changed, and what a batch was graded with."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from grader import __version__
from grader.core.due_dates import HandIn, Lateness
from grader.core.errors import ResultsError
from grader.core.records import (
    Cause,
    Change,
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
from grader.results.database import SCHEMA_VERSION, Database, Row, bring_up_to_date, damaged, version

Because = Literal["checks", "submission"]


def submission_row(result: SubmissionResult, digest: str, seconds: float, graded_at: str) -> Row:
    """The row of one submission."""
    return {
        "student": result.student,
        "status": result.status.value,
        "note": result.note,
        "digest": digest,
        "seconds": seconds if math.isfinite(seconds) else 0.0,
        "trusted": int(result.trusted),
        "graded_at": graded_at,
        "variant": result.variant,
    }


def exercise_rows(result: SubmissionResult, graded_with: Mapping[str, str], groups: Mapping[str, str]) -> list[Row]:
    """A row for each exercise of a submission, with what it was graded with and its group, as far as that is known."""
    return [
        {
            "student": result.student,
            "id": exercise.id,
            "position": position,
            "status": exercise.status.value,
            "score": _number(result, exercise.id, exercise.score),
            "max_score": _number(result, exercise.id, exercise.max_score),
            "misconception": exercise.misconception,
            "summary": exercise.finding.summary if exercise.finding else None,
            "facts": _json(exercise.finding.facts if exercise.finding else ()),
            "hint": exercise.finding.hint if exercise.finding else "",
            "advice": _json(exercise.advice),
            "cause": json.dumps(asdict(exercise.cause), ensure_ascii=False) if exercise.cause else None,
            "graded_with": graded_with.get(exercise.id, ""),
            "around": json.dumps(asdict(exercise.around), ensure_ascii=False) if exercise.around else None,
            **_effort_columns(exercise.effort),
            "written": exercise.written,
            "of_group": groups.get(exercise.id, ""),
        }
        for position, exercise in enumerate(result.exercises)
    ]


def _effort_columns(effort: Effort | None) -> Row:
    if effort is None or not math.isfinite(effort.seconds + effort.of_limit):
        return {"seconds": None, "of_limit": None, "search_cut": None}
    return {"seconds": effort.seconds, "of_limit": effort.of_limit, "search_cut": int(effort.search_cut)}


def source_rows(student: str, sources: Iterable[Source]) -> list[Row]:
    """A row for each module that was graded."""
    return [
        {
            "student": student,
            "module": source.module,
            "position": position,
            "lines": _json(source.lines),
            "left_out": source.left_out,
        }
        for position, source in enumerate(sources)
    ]


def source_of(row: Row) -> Source:
    """The module that a row holds."""
    lines = tuple((int(number), cell, str(text)) for number, cell, text in json.loads(row["lines"]))
    return Source(row["module"], lines, row["left_out"])


def check_rows(result: SubmissionResult) -> list[Row]:
    """A row for each check of a submission."""
    return [
        {
            "student": result.student,
            "exercise": exercise.id,
            "position": position,
            "id": check.id,
            "status": check.status.value,
            "points": _number(result, exercise.id, check.points),
            "max_points": _number(result, exercise.id, check.max_points),
        }
        for exercise in result.exercises
        for position, check in enumerate(exercise.checks)
    ]


def submission_of(submission: Row, exercises: Iterable[Row], checks: Iterable[Row]) -> SubmissionResult:
    """The record that these rows hold; exercises and checks come in the order of their positions."""
    of_exercise: dict[str, list[CheckResult]] = {}
    for row in checks:
        check = CheckResult(row["id"], CheckStatus(row["status"]), row["points"], row["max_points"])
        of_exercise.setdefault(row["exercise"], []).append(check)
    return SubmissionResult(
        student=submission["student"],
        status=SubmissionStatus(submission["status"]),
        exercises=tuple(_exercise_of(row, tuple(of_exercise.get(row["id"], ()))) for row in exercises),
        note=submission["note"],
        trusted=bool(submission["trusted"]),
        variant=submission["variant"],
        graded_at=submission["graded_at"],
    )


def _exercise_of(row: Row, checks: tuple[CheckResult, ...]) -> ExerciseResult:
    finding = None
    if row["summary"] is not None:
        facts = tuple((str(label), str(text)) for label, text in json.loads(row["facts"]))
        finding = Finding(row["summary"], facts, row["hint"])
    return ExerciseResult(
        id=row["id"],
        status=ExerciseStatus(row["status"]),
        score=row["score"],
        max_score=row["max_score"],
        checks=checks,
        finding=finding,
        advice=tuple(str(text) for text in json.loads(row["advice"])),
        misconception=row["misconception"],
        cause=Cause(**json.loads(row["cause"])) if row["cause"] is not None else None,
        around=_excerpt_of(row["around"]) if row["around"] is not None else None,
        effort=Effort(row["seconds"], row["of_limit"], bool(row["search_cut"])) if row["seconds"] is not None else None,
        written=row["written"],
        group=row["of_group"],
    )


def _excerpt_of(text: str) -> Excerpt:
    told = json.loads(text)
    return Excerpt(int(told["first"]), tuple(str(line) for line in told["lines"]))


def _json(texts: Iterable[Any]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def _number(result: SubmissionResult, exercise: str, value: float) -> float:
    if not math.isfinite(value):
        raise ResultsError(f"The points of {exercise!r} of {result.student!r} are {value}, which is not a number.")
    return float(value)


def changes_between(before: SubmissionResult, after: SubmissionResult, because: Because, at: str) -> Iterator[Change]:
    """The exercises that have other points or another status, as the checks gave them. What failed through our own
    mistake was no result."""
    earlier = {exercise.id: exercise for exercise in before.exercises}
    for exercise in after.exercises:
        was = earlier.get(exercise.id)
        if was is None or (was.status, was.score) == (exercise.status, exercise.score):
            continue
        if ExerciseStatus.GRADER_ERROR in (was.status, exercise.status):
            continue
        statuses = {check.id: check.status for check in was.checks}
        yield Change(
            after.student,
            exercise.id,
            was.score if before.counts(was) else None,
            exercise.score if after.counts(exercise) else None,
            was.status.value,
            exercise.status.value,
            tuple(check.id for check in exercise.checks if statuses.get(check.id) is not check.status),
            because,
            at,
        )


def change_row(change: Change) -> Row:
    """The row of one change."""
    return {**asdict(change), "checks": _json(change.checks)}


def change_of(row: Row) -> Change:
    """The change that a row of the table holds."""
    fields = {name: value for name, value in row.items() if name != "id"}
    return Change(**{**fields, "checks": tuple(json.loads(row["checks"]))})


def hand_in_row(student: str, hand_in: HandIn) -> Row:
    """The row of what is known of how one learner handed in."""
    late = hand_in.lateness
    return {
        "student": student,
        "members": _json(hand_in.members),
        "in_roster": None if hand_in.in_roster is None else int(hand_in.in_roster),
        "time_missing": int(hand_in.time_missing),
        **(asdict(late) if late else {"handed_in": None, "due": None, "share": None}),
    }


def hand_ins_of(database: Database, students: list[str] | None = None) -> dict[str, HandIn]:
    """What is known of how these learners handed in, or all of whom something is known."""
    marks = ", ".join("?" * len(students or ()))
    which = "" if students is None else f" WHERE student IN ({marks})"
    return {
        row["student"]: HandIn(
            tuple(str(name) for name in json.loads(row["members"])),
            None if row["in_roster"] is None else bool(row["in_roster"]),
            Lateness(row["handed_in"], row["due"], row["share"]) if row["share"] is not None else None,
            bool(row["time_missing"]),
        )
        for row in database.rows(f"SELECT * FROM hand_ins{which}", students or ())
    }


@dataclass(frozen=True)
class BatchKey:
    """What a batch was graded with. Results of different keys must not be mixed in one folder."""

    assignment: str
    seed: int
    device: str
    checks_digest: str
    kit_version: str


def read_key(database: Database) -> BatchKey:
    """Reads what the batch was graded with, having made sure that the file is sound and of our version.

    A file of an earlier version is brought up to ours. Raises `ResultsError` when it is damaged or of a later version.
    """
    with database.transaction():
        tables = database.tables()
        if not tables:
            raise ResultsError(f"{database.path} holds no results to go on with: it is empty. Grade without --resume.")
        if "batch" not in tables:
            raise damaged(database.path, "it has other tables")
        verdict = database.value("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise damaged(database.path, str(verdict))
        found = version(database)
        if found > SCHEMA_VERSION:
            raise _newer(database, found)
        if found < 1:
            raise damaged(database.path, f"it has the number {found} where that of its tables should be")
        bring_up_to_date(database)
        rows = database.rows("SELECT * FROM batch")
    try:
        (row,) = rows
        return BatchKey(row["assignment"], int(row["seed"]), row["device"], row["checks_digest"], row["kit_version"])
    except (ValueError, KeyError) as error:
        raise damaged(database.path, str(error)) from error


def key_row(key: BatchKey) -> Row:
    """The key as columns."""
    return {**asdict(key), "seed": str(key.seed)}


def _newer(database: Database, found: int) -> ResultsError:
    return ResultsError(
        f"{database.path} was written by a newer version of the kit ({_kit_of(database)}, schema {found}). This is "
        f"{__version__}, and reads up to schema {SCHEMA_VERSION}. Use the newer kit, or grade again into another --out."
    )


def _kit_of(database: Database) -> str:
    """The version of the kit that wrote the file, which later tables may keep elsewhere."""
    row = next(iter(database.rows("SELECT * FROM batch")), {})
    return str(row.get("kit_version", "it does not say which"))
