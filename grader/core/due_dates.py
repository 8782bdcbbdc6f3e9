"""When work is due and when it came, and what that costs: times with their zones, extensions, and how a submission came
in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.core.assignment import Late

_DAY = timedelta(days=1)
_TIME = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d")
_UTC_BY_NAME = re.compile(r"\s*(?:UTC|GMT|Z)\Z", re.IGNORECASE)
_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d\Z)")
_MORE_TIME = re.compile(r"\+?\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*(d|days?|h|hours?|)", re.IGNORECASE)
_EXAMPLE = "2026-12-14 23:59+01:00"


def due_words(due: datetime, zone: str | None) -> str:
    """When something is due, in the course's time zone where it has one: `Monday, 14 December 2026, 23:59 (UTC)`. On a
    machine that doesn't know the zone, as it is written."""
    try:
        local = due.astimezone(ZoneInfo(zone)) if zone and due.tzinfo else due
    except (ZoneInfoNotFoundError, ValueError):
        local, zone = due, None
    where = zone or ("UTC" if local.utcoffset() in (None, timedelta(0)) else f"UTC{local.isoformat()[-6:]}")
    return f"{local:%A}, {local.day} {local:%B} {local.year}, {local:%H:%M} ({where})"


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


def lateness_of(late: Late, due: datetime | None, handed_in: datetime | None) -> Lateness | None:
    """How late something is and what that costs; None unless both times are known. They have a time zone."""
    if due is None or handed_in is None:
        return None
    return Lateness(_utc(handed_in).isoformat(), _utc(due).isoformat(), late_share(late, due, handed_in))


def _utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise TypeError(f"{time} has no time zone")
    return time.astimezone(UTC)


def read_time(text: str, zone: str | None) -> datetime:
    """A date and time as people write it, with its offset from UTC or else in the course's `zone`.

    Raises `ValueError` with what is wrong, as the end of a sentence, for anything else, for a time without any zone,
    and for one that the clocks of the zone skip or show twice.
    """
    plain = _BEFORE_OFFSET.sub("", _UTC_BY_NAME.sub("+00:00", text.strip()))
    if not _TIME.match(plain):
        raise ValueError(f"is not a date and time; expected one like {_EXAMPLE}.")
    try:
        time = datetime.fromisoformat(plain)
    except ValueError as error:
        raise ValueError(f"is not a date and time ({error}); expected one like {_EXAMPLE}.") from None
    if time.tzinfo is not None:
        return time
    if zone is None:
        raise ValueError(
            f"has no time zone. Write its offset from UTC behind it, as in {_EXAMPLE}, or `time_zone` into [course] of "
            "course.toml."
        )
    here = time.replace(tzinfo=ZoneInfo(zone))
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        raise ValueError(
            f"is an hour in which the clocks of {zone} are changed. Write its offset from UTC behind it, as in "
            f"{_EXAMPLE}."
        )
    return here


def more_time(text: str) -> timedelta | None:
    """An extension that is a number of days, or of hours (`2`, `1.5 days`, `36 hours`); None for anything else."""
    found = _MORE_TIME.fullmatch(text.strip())
    if not found:
        return None
    number = float(found[1].replace(",", "."))
    return timedelta(hours=number) if found[2].lower().startswith("h") else timedelta(days=number)


def due_with(extension: str, due: datetime | None, zone: str | None) -> datetime | None:
    """When it is due for a learner with this extension: so much later than `due`, or the date and time that it names.

    Raises `ValueError` with what is wrong, as the end of a sentence.
    """
    if not extension.strip():
        return due
    longer = more_time(extension)
    if longer is None:
        try:
            until = read_time(extension, zone)
        except ValueError as error:
            raise ValueError(f"{error} Or write a number of days, such as 2.") from None
        if due and _utc(until) < _utc(due):
            raise ValueError(f"is before the due date in course.toml, {due.isoformat(sep=' ', timespec='minutes')}.")
        return until
    if due is None:
        raise ValueError(
            "is more time, and course.toml says not when it is due. Write a date and time, or `due` there."
        )
    return _utc(due) + longer


@dataclass(frozen=True)
class Lateness:
    """When it was handed in and when it was due for this learner, an extension included: both ISO 8601 with the offset
    from UTC. `share` of the points, from 0 to 1, is what it costs."""

    handed_in: str
    due: str
    share: float

    @property
    def after(self) -> timedelta:
        """How long after the due date it came; zero in time."""
        return max(timedelta(0), datetime.fromisoformat(self.handed_in) - datetime.fromisoformat(self.due))

    @property
    def words(self) -> str:
        """`1 day and 2 hours`, in the two largest units that say anything; empty in time."""
        minutes = int(self.after.total_seconds() // 60)
        units = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
        said = [f"{number:,} {unit}{'' if number == 1 else 's'}" for number, unit in units if number]
        return " and ".join(said[:2]) or ("less than a minute" if self.after else "")


@dataclass(frozen=True)
class HandIn:
    """What is known of one learner besides the work. `members` are all of a team, none of a learner alone; `in_roster`
    is None where there is no roster; there is a `lateness` where time and due date are known. `time_missing`: another
    system says that it was late, which costs something, and nobody knows when it came."""

    members: tuple[str, ...] = ()
    in_roster: bool | None = None
    lateness: Lateness | None = None
    time_missing: bool = False
