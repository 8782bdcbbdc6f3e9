"""`grades.csv` opens as a table in any program, and as nothing else."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.course import Assignment
from grader.records import ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.report.gradebook import safe_cell, write_grades

Make = Callable[..., SubmissionResult]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_the_columns_are_the_contract_s_and_then_the_course_s(
    tmp_path: Path, lesson: Assignment, result_of: Make
) -> None:
    path = tmp_path / "grades.csv"
    half = result_of("ada", mean=(ExerciseStatus.PARTIAL, 0.5, None), plot=(ExerciseStatus.PARTIAL, 1 / 3, None))
    nothing = result_of("bob", SubmissionStatus.REFUSED, add=(ExerciseStatus.FAILED, 0.0, None))
    write_grades(path, [half, nothing], lesson)
    assert path.read_text() == (
        "student,score,max_score,status,add,mean,plot\nada,5.1667,10,graded,2,1.5,1.6667\nbob,8,10,refused,0,3,5\n"
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", " =", "'"])  # full width, too
def test_what_could_be_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}cmd()").startswith("'")


@pytest.mark.parametrize("name", ["ada", "O'Hara", "a=b", "Zoë, the first", 'say "hi"', "李"])
def test_an_ordinary_name_stays_as_it_is(tmp_path: Path, lesson: Assignment, result_of: Make, name: str) -> None:
    path = tmp_path / "grades.csv"
    write_grades(path, [result_of(name)], lesson)
    assert read(path)[1][0] == name


@settings(max_examples=150, deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
@example(["a\nb", "\r\n=1", "a\u2028b", "a\x85b", '",\n', "\udc80"])
def test_any_name_makes_one_row_on_one_line(lesson: Assignment, result_of: Make, names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grades.csv"
        write_grades(path, [result_of(name) for name in names], lesson)
        rows, lines = read(path), path.read_text(encoding="utf-8").splitlines()
    assert len(rows) == len(lines) == len(names) + 1
    for row in rows[1:]:
        assert row[1:] == ["10", "10", "graded", "2", "3", "5"]
        assert not row[0].lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" ='+-@"), min_size=1, max_size=30))
@example("'ada")
@example("''=ada")
def test_taking_one_apostrophe_away_gives_the_name_back(name: str) -> None:
    assert safe_cell(name).removeprefix("'") == name


@pytest.mark.parametrize("separator", [",", ";", "|", "\t", " "])
@pytest.mark.parametrize("name", ["a;=cmd()", "a|=cmd()", 'a";=cmd();"', "a;\t=cmd()", "a =cmd()"])
def test_a_name_stays_in_one_cell_whatever_a_spreadsheet_separates_by(
    tmp_path: Path, lesson: Assignment, result_of: Make, name: str, separator: str
) -> None:
    write_grades(tmp_path / "grades.csv", [result_of(name)], lesson)
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file, delimiter=separator))[1]
    assert not any(cell.strip().startswith("=") for cell in cells)
