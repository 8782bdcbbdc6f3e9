"""What people decided about points, in the order in which they did. Nothing is changed or deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select

from grader.records import Decision, Override
from grader.store.schema import overrides

ByExercise = dict[str, Override]


def add(connection: Connection, decision: Decision) -> None:
    """Adds one decision; from now on it is the one that counts for its exercise."""
    row = {
        "student": decision.student,
        "exercise": decision.exercise,
        "points": decision.points,
        "reason": decision.reason,
        "by": decision.by,
        "at": decision.at,
        "checks_gave": decision.checks_gave,
    }
    connection.execute(insert(overrides), row)


def history(connection: Connection) -> list[Decision]:
    """Every decision there ever was, the oldest first."""
    return _decisions(connection, select(overrides).order_by(overrides.c.id))


def in_force(connection: Connection) -> list[Decision]:
    """The overrides that count, by student and exercise."""
    found = _decisions(connection, _counting())
    return sorted(found, key=lambda decision: (decision.student, decision.exercise))


def overrides_of(connection: Connection, students: Iterable[str]) -> defaultdict[str, ByExercise]:
    """The overrides that count for these students, by student and exercise."""
    found: defaultdict[str, ByExercise] = defaultdict(dict)
    for row in connection.execute(_counting().where(overrides.c.student.in_(list(students)))).mappings():
        override = Override(row["points"], row["reason"], row["by"], row["at"], row["checks_gave"])
        found[row["student"]][row["exercise"]] = override
    return found


def _counting() -> Select[Any]:
    latest = select(func.max(overrides.c.id)).group_by(overrides.c.student, overrides.c.exercise)
    return select(overrides).where(overrides.c.id.in_(latest), overrides.c.points.is_not(None))


def _decisions(connection: Connection, query: Select[Any]) -> list[Decision]:
    return [_decision(row) for row in connection.execute(query).mappings()]


def _decision(row: RowMapping) -> Decision:
    return Decision(
        row["student"], row["exercise"], row["points"], row["reason"], row["by"], row["at"], row["checks_gave"]
    )
