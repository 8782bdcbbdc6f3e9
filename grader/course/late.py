"""What handing in late costs, by the policy in `course.toml`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from grader.course.model import Late

_DAY = timedelta(days=1)


def late_share(late: Late, due: datetime | None, handed_in: datetime | None) -> float:
    """The share of the points, from 0 to 1, that it costs to hand in at this moment.

    The grace moves the deadline; from there on each started day costs `penalty_per_day`, and all of them together
    `max_penalty` at most. Nothing is late without a due date, or without a time at which it was handed in. Both times
    have a time zone; a naive one raises `TypeError`.
    """
    if due is None or handed_in is None:
        return 0.0
    # In UTC, since two times in one zone are subtracted by the clock on the wall, which jumps twice a year.
    after = _utc(handed_in) - _utc(due) - timedelta(minutes=late.grace_minutes)
    if after <= timedelta(0):
        return 0.0
    started_days = -(-after // _DAY)
    return min(late.max_penalty, started_days * late.penalty_per_day)


def _utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise TypeError(f"{time} has no time zone")
    return time.astimezone(UTC)
