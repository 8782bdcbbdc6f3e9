"""Moodle's grade import, read as grade/import/csv/classes/load_data.php of moodle/moodle reads it."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.results.export.roster import as_html
from tests.export.small_class import ROSTER, ZOE

Export = Callable[..., Any]
FINAL = {"ada": 5, ZOE: 3.5, "half": 2, "pardoned": 2.5, "mended": 4, "trusty": 3, "saved": 2}


def imported(path: Path, users: dict[str, str]) -> dict[str, tuple[float, str]]:
    """Grade and feedback by user, `users` being user by the value of the mapped column. One unknown user ends it all."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file, strict=True)
    assert len({heading.strip() for heading in header}) == 4
    grades: dict[str, tuple[float, str]] = {}
    user = ""
    for line in lines:
        value = line[0].strip()
        if value and value != "0":
            user = users[value]  # else it would be the one of the row before
        assert value
        assert user not in grades
        grades[user] = (float(line[2]), line[3])
    return grades


def people(column: str) -> dict[str, str]:
    return {row[column]: row["student"] for row in csv.DictReader(ROSTER.splitlines())}


def as_a_browser_shows(feedback: str) -> str:
    """Spaces are one, and none at the ends of a line, unless they are no-break spaces."""
    lines = re.sub(r"[ \t\n]+", " ", feedback).split("<br>")
    return "\n".join(html.unescape(line.strip(" ")).replace("\u00a0", " ") for line in lines)


@given(st.lists(st.lists(st.sampled_from(["  ", "    ", " ", "def f(x):", "return", "<br>", "&nbsp;", ">", "=1"]))))
def test_code_is_indented_as_it_was_written(lines: list[list[str]]) -> None:
    text = "\n".join("".join(line).rstrip() for line in lines)
    assert as_a_browser_shows(as_html(text)) == text


def test_everybody_with_final_points_is_found(export: Export) -> None:
    run = export("moodle", name="moodle.csv")
    grades = imported(run.out, people("email"))
    assert {user: grade for user, (grade, _) in grades.items()} == FINAL
    assert 'matched by "Email address" (map it to useremail)' in run.said


@pytest.mark.parametrize(("column", "heading"), [("idnumber", "ID number"), ("login", "Username")])
def test_another_column_of_the_roster_will_do(export: Export, tmp_path: Path, column: str, heading: str) -> None:
    path = tmp_path / "roster2.csv"
    lines = [f"{student},{value}" for value, student in people(column).items()]
    path.write_text("\n".join([f"student,{column}", *lines]), encoding="utf-8")
    run = export("moodle", roster=path, name="moodle.csv")
    assert {user: grade for user, (grade, _) in imported(run.out, people(column)).items()} == FINAL
    assert heading in run.out.read_text().splitlines()[0]


def test_nobody_is_in_the_file_without_a_name_that_moodle_knows(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "roster2.csv"
    path.write_text("student,email\nada,a@b.example\nmended,\ntrusty,r@b.example\n")
    run = export("moodle", roster=path, name="moodle.csv")
    assert imported(run.out, {"a@b.example": "ada", "r@b.example": "trusty"}).keys() == {"ada", "trusty"}
    assert "mended,,no email in the roster" in run.left_out.read_text().replace('"', "")


def test_feedback_is_html_in_which_nothing_of_a_learner_s_is_markup(export: Export) -> None:
    _, feedback = imported(export("moodle", name="moodle.csv").out, people("email"))[ZOE]
    assert set(re.findall(r"<[^>]*>", feedback)) == {"<br>"}
    said = as_a_browser_shows(feedback)
    assert "<script>alert(1)</script> & *bold*" in said
    assert "x <= 3;=cmd()" in said
    assert said.startswith("3.5 of 5 points")
    assert not {"\x1b", "\u202e", "\n"} & set(feedback)


def test_no_cell_begins_like_a_formula_even_when_split_at_semicolons(export: Export) -> None:
    for line in export("moodle", name="moodle.csv").out.read_text(encoding="utf-8").splitlines():
        for cell in csv.reader([line], delimiter=";"):
            for piece in cell:
                assert not piece.lstrip().startswith(("=", "+", "-", "@")), piece
