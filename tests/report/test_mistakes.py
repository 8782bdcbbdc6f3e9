"""Which misconceptions a class made, as the instructor sees it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from grader.core.records import ExerciseStatus, Finding, SubmissionResult
from grader.results.data_files import Made, mistakes_made, write_mistakes
from grader.results.summary_table import print_table

Make = Callable[..., SubmissionResult]


def one(result_of: Make, student: str, **mistakes: str) -> SubmissionResult:
    failed = (ExerciseStatus.FAILED, 0.0, Finding("No."))
    result = result_of(student, **dict.fromkeys(("add", "mean"), failed))
    return replace(result, exercises=tuple(replace(e, misconception=mistakes.get(e.id)) for e in result.exercises))


def a_class(result_of: Make) -> list[SubmissionResult]:
    return [
        one(result_of, "ada", mean="sum_for_mean"),
        one(result_of, "bob", mean="sum_for_mean", add="minus"),
        one(result_of, "eve", mean="root", add="minus"),
        one(result_of, "kim"),
    ]


def test_each_is_counted_in_the_course_s_order_the_commonest_first(result_of: Make) -> None:
    assert mistakes_made(a_class(result_of)) == [
        Made("add", "minus", 2),
        Made("mean", "sum_for_mean", 2),
        Made("mean", "root", 1),
    ]


def test_the_table_at_the_end_shows_them_in_words_and_each_row_names_its_own(result_of: Make) -> None:
    file = io.StringIO()
    print_table(Console(file=file, width=80), lambda: a_class(result_of))
    lines = [" ".join(line.split()) for line in file.getvalue().splitlines()]
    assert "exercise misconception learners" in lines
    assert "mean sum for mean 2" in lines
    assert any("add: minus; mean: root" in line for line in lines)


def test_without_any_nothing_is_said_of_mistakes(result_of: Make) -> None:
    file = io.StringIO()
    print_table(Console(file=file, width=80), lambda: [one(result_of, "kim")])
    assert "recognised" not in file.getvalue()


def test_the_file_holds_the_same(result_of: Make, tmp_path: Path) -> None:
    write_mistakes(tmp_path / "mistakes.csv", a_class(result_of))
    rows = list(csv.reader((tmp_path / "mistakes.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == [
        ["exercise", "mistake", "learners"],
        ["add", "minus", "2"],
        ["mean", "sum_for_mean", "2"],
        ["mean", "root", "1"],
    ]
