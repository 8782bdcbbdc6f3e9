"""Plain CSV has everybody: with points, without, and without a submission."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest

from tests.export.small_class import NAMES

Export = Callable[..., Any]


@pytest.fixture
def rows(export: Export) -> dict[str, dict[str, str]]:
    with export("csv", name="all.csv").out.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file, strict=True)}


def test_nobody_is_missing_and_every_name_is_one_row(rows: dict[str, dict[str, str]]) -> None:
    assert len(rows) == 18
    assert {"'=cmd()|x", "'@at", "a\\nb", "\\u202eevil", "李"} <= rows.keys()
    assert len(NAMES) == 6


def test_points_and_who_set_them(rows: dict[str, dict[str, str]]) -> None:
    assert (rows["ada"]["score"], rows["ada"]["add"], rows["ada"]["mean"]) == ("5", "2", "3")
    assert (rows["mended"]["score"], rows["mended"]["set_by_a_person"]) == ("4", "add")
    assert (rows["trusty"]["trusted"], rows["trusty"]["note"]) == ("yes", "Left aside: x.txt.")
    assert (rows["saved"]["score"], rows["saved"]["set_by_a_person"]) == ("2", "add mean")


def test_what_is_not_final_is_empty_and_no_zero(rows: dict[str, dict[str, str]]) -> None:
    assert (rows["broken"]["score"], rows["broken"]["add"], rows["broken"]["mean"]) == ("", "2", "")
    assert (rows["lost"]["score"], rows["lost"]["status"]) == ("", "grader_error")
    for student in ("refused", "unseen"):
        assert [rows[student][column] for column in ("score", "add", "mean")] == ["", "", ""]
    assert (rows["refused"]["status"], rows["unseen"]["status"]) == ("refused", "not_found")
    assert [rows["half"][column] for column in ("score", "status", "add", "mean")] == ["2", "graded", "2", ""]
    assert [rows["pardoned"][column] for column in ("score", "status", "add", "mean")] == [
        "2.5",
        "not_found",
        "",
        "2.5",
    ]


def test_who_handed_nothing_in_has_a_row_without_points(rows: dict[str, dict[str, str]]) -> None:
    assert (rows["nobody"]["score"], rows["nobody"]["status"]) == ("", "nothing_handed_in")
    assert rows["nobody"]["name"] == 'No "body", Esq.'


def test_the_roster_s_columns_are_there_where_it_has_them(export: Export, rows: dict[str, dict[str, str]]) -> None:
    assert rows["ada"]["login"] == "al01"
    with export("csv", roster=None, name="few.csv").out.open(encoding="utf-8", newline="") as file:
        assert "login" not in next(csv.reader(file))
