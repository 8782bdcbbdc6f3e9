"""`grades.csv` opens as a table in any program, and as nothing else."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.core.assignment import Assignment
from grader.core.records import ExerciseStatus, Override, SubmissionResult, SubmissionStatus
from grader.results.data_files import safe_cell, write_grades

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
        "student,score,max_score,status,add,mean,plot\nada,5.1667,10,graded,2,1.5,1.6667\nbob,,10,refused,,,\n"
    )


def test_what_was_not_graded_is_empty_and_no_zero(tmp_path: Path, lesson: Assignment, result_of: Make) -> None:
    path = tmp_path / "grades.csv"
    nothing = dict.fromkeys(("add", "mean", "plot"), (ExerciseStatus.NOT_FOUND, 0.0, None))
    by_a_person = Override(1.5, "It reads well.", "helena", "2026-11-23T10:00:00+01:00", 0.0)
    write_grades(
        path,
        [
            result_of("ada", plot=(ExerciseStatus.NOT_FOUND, 0.0, None)),
            *(result_of(status.value, status, **nothing) for status in SubmissionStatus if status.value != "graded"),
            result_of("mended", SubmissionStatus.NOT_FOUND, **nothing).overruled({"mean": by_a_person}),
            result_of("broken", plot=(ExerciseStatus.GRADER_ERROR, 0.0, None)),
        ],
        lesson,
    )
    assert read(path)[1:] == [
        ["ada", "5", "10", "graded", "2", "3", ""],
        ["not_found", "", "10", "not_found", "", "", ""],
        ["unreadable", "", "10", "unreadable", "", "", ""],
        ["refused", "", "10", "refused", "", "", ""],
        ["grader_error", "", "10", "grader_error", "", "", ""],
        ["mended", "1.5", "10", "not_found", "", "1.5", ""],
        ["broken", "", "10", "graded", "2", "3", ""],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", " =", "'"])  # full width, too
def test_what_could_be_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}cmd()").startswith("'")


@pytest.mark.parametrize("name", ["ada", "O'Hara", "a=b", "Zoë, the first", 'say "hi"', "李"])
def test_an_ordinary_name_stays_as_it_is(tmp_path: Path, lesson: Assignment, result_of: Make, name: str) -> None:
    path = tmp_path / "grades.csv"
    write_grades(path, [result_of(name)], lesson)
    assert read(path)[1][0] == name


@settings(max_examples=150)
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
