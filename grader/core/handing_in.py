"""How a submission came in: with whom, when, and what lateness costs of its points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


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
