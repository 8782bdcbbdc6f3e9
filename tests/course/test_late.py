"""What handing in late costs: the policy of `course.toml`, in any time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.core.assignment import Late
from grader.core.due_dates import late_share, lateness_of
from grader.core.errors import CourseError
from grader.course.load import load_course
from tests.export.small_class import COURSE

DUE = datetime(2026, 12, 14, 23, 59, tzinfo=UTC)
POLICY = Late(grace_minutes=15, penalty_per_day=0.1, max_penalty=0.5)


def share(policy: Late = POLICY, **late: float) -> float:
    return late_share(policy, DUE, DUE + timedelta(**late))


def test_what_comes_in_time_costs_nothing() -> None:
    assert share(days=-3) == 0
    assert share(seconds=-1) == 0
    assert share(seconds=0) == 0


def test_the_grace_moves_the_deadline() -> None:
    assert share(minutes=15) == 0
    assert share(minutes=15, microseconds=1) == pytest.approx(0.1)


def test_each_started_day_costs_after_the_grace() -> None:
    assert share(hours=24, minutes=15) == pytest.approx(0.1)
    assert share(hours=24, minutes=15, seconds=1) == pytest.approx(0.2)
    assert share(days=3) == pytest.approx(0.3)


def test_it_never_costs_more_than_the_most() -> None:
    assert share(days=5) == pytest.approx(0.5)
    assert share(days=500) == pytest.approx(0.5)
    assert share(Late(penalty_per_day=0.3), days=500) == 1


def test_a_course_without_a_policy_takes_nothing_off() -> None:
    assert share(Late(), days=5) == 0


def test_without_a_due_date_or_a_time_nobody_is_late() -> None:
    assert late_share(POLICY, None, DUE) == 0
    assert late_share(POLICY, DUE, None) == 0


def test_time_zones_are_the_same_moments() -> None:
    west = timezone(timedelta(hours=-8))
    assert late_share(POLICY, DUE, (DUE + timedelta(minutes=5)).astimezone(west)) == 0
    assert late_share(POLICY, DUE.astimezone(west), DUE + timedelta(hours=1)) == pytest.approx(0.1)


def test_the_night_in_which_clocks_are_set_back_has_its_extra_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    due = datetime(2026, 10, 25, 0, 30, tzinfo=berlin)
    handed_in = datetime(2026, 10, 26, 0, 0, tzinfo=berlin)  # 23.5 hours on the wall, 24.5 hours of time
    assert late_share(Late(penalty_per_day=0.1), due, handed_in) == pytest.approx(0.2)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError, match="no time zone"):
        late_share(POLICY, DUE, datetime(2026, 12, 15))


def test_a_time_zone_that_nobody_knows_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    course = COURSE.replace('name = "A small course"', 'name = "A small course"\ntime_zone = "{}"')
    for found, said in {
        "Europe/Berln": 'Did you mean "Europe/Berlin"?',
        "../x": "a time zone",
        "": "time_zone",
    }.items():
        (tmp_path / "course.toml").write_text(course.format(found), encoding="utf-8")
        with pytest.raises(CourseError, match=r'course.toml, line 5: "time_zone" in \[course\] must be') as refused:
            load_course(tmp_path)
        assert said in str(refused.value)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (0, ""),
        (-60, ""),
        (30, "less than a minute"),
        (60, "1 minute"),
        (3600 * 26 + 59, "1 day and 2 hours"),
        (86400 * 2 + 300, "2 days and 5 minutes"),
    ],
)
def test_how_late_is_said_in_two_units(after: int, words: str) -> None:
    late = lateness_of(POLICY, DUE, DUE + timedelta(seconds=after))
    assert late is not None
    assert late.words == words
