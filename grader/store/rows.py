"""Records as rows, and rows as records: nothing is lost on the way."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from grader.errors import ResultsError
from grader.records import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    SubmissionResult,
    SubmissionStatus,
)

Row = dict[str, Any]


def submission_row(result: SubmissionResult, digest: str, seconds: float) -> Row:
    """The row of one submission."""
    return {
        "student": result.student,
        "status": result.status.value,
        "note": result.note,
        "digest": digest,
        "seconds": seconds if math.isfinite(seconds) else 0.0,
        "trusted": int(result.trusted),
    }


def exercise_rows(result: SubmissionResult) -> list[Row]:
    """A row for each exercise of a submission."""
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
        }
        for position, exercise in enumerate(result.exercises)
    ]


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


def submission_of(
    submission: RowMapping, exercises: Iterable[RowMapping], checks: Iterable[RowMapping]
) -> SubmissionResult:
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
    )


def _exercise_of(row: RowMapping, checks: tuple[CheckResult, ...]) -> ExerciseResult:
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
    )


def _json(texts: Iterable[Any]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def _number(result: SubmissionResult, exercise: str, value: float) -> float:
    if not math.isfinite(value):
        raise ResultsError(f"The points of {exercise!r} of {result.student!r} are {value}, which is not a number.")
    return float(value)
