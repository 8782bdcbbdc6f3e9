"""`export gradebook`: one line for each learner over several assignments, and nobody is dropped."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.course.load import load_course
from grader.results.record_rows import BatchKey
from grader.results.reports import write_reports
from grader.results.store import ResultStore
from tests.export.small_class import COURSE, exercise, submission

SECOND = """
[assignments.next]
title = "The next lesson"
devices = ["cpu"]

[assignments.next.modules.first]
title = "The first part"

[assignments.next.exercises.add]
module = "first"
title = "A sum"
points = 4
hints = ["one"]
"""

Export = Callable[..., tuple[int, str, list[dict[str, str]]]]


@pytest.fixture
def both(small_class: Any, tmp_path: Path) -> Path:
    """The small course with one assignment more, and its results: of somebody who is in both, and of a newcomer."""
    root = tmp_path / "both"
    root.mkdir()
    (root / "course.toml").write_text(COURSE + SECOND)
    course = load_course(root)
    with ResultStore.create(root / "next", BatchKey("next", 7, "cpu", "digest", "0.1.0")) as store:
        for student in ("ada", "newcomer"):
            result = submission(student, exercise("add", "partial", 1.5, 4))
            store.put(type(result)(student, result.status, result.exercises[:1]), "digest", 0.1)
        write_reports(root / "next", store.results, course, course.assignments["next"])
    return root


@pytest.fixture
def export(small_class: Any, both: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    def run(*folders: Path, roster: Path | None = None) -> tuple[int, str, list[dict[str, str]]]:
        out = tmp_path / "course.csv"
        words = [word for folder in folders for word in ("--results", str(folder))]
        given = ["--course", str(both), "export", "gradebook", *words, "--out", str(out)]
        code = main([*given, *(["--roster", str(roster)] if roster else [])])
        printed = capsys.readouterr()
        with (out if out.exists() else small_class.roster).open(encoding="utf-8", newline="") as file:
            return code, printed.out + printed.err, list(csv.DictReader(file, strict=True))

    return run


def test_each_learner_has_a_line_with_the_points_of_each_assignment_and_their_sum(
    export: Export, small_class: Any, both: Path
) -> None:
    code, said, rows = export(both / "next", small_class.results)
    assert code == 0
    assert list(rows[0]) == ["student", "lesson", "next", "total", "max_total", "without_points"]
    found = {row["student"]: list(row.values())[1:] for row in rows}
    assert found["ada"] == ["5", "1.5", "6.5", "9", ""]
    assert found["newcomer"] == ["", "1.5", "1.5", "9", "lesson"]
    assert found["saved"] == ["2", "", "2", "9", "next"]
    assert found["lost"] == ["", "", "", "9", "lesson next"]  # not a 0: it was handed in
    assert "a gradebook of lesson and next, with 18 learners." in said
    assert "there, for lesson nothing handed in" in said
    assert "there, for lesson without final points" in said


def test_names_that_could_do_harm_are_as_in_the_other_tables(export: Export, small_class: Any, both: Path) -> None:
    names = {row["student"] for row in export(small_class.results, both / "next")[2]}
    assert {"'=cmd()|x", "'@at", "a\\nb", "\\u202eevil", "李"} <= names


def test_a_roster_says_who_they_are_and_who_is_missing(export: Export, small_class: Any, both: Path) -> None:
    code, said, rows = export(small_class.results, both / "next", roster=small_class.roster)
    assert code == 0
    found = {row["student"]: row for row in rows}
    assert (found["ada"]["login"], found["ada"]["total"]) == ("al01", "6.5")
    assert (found["nobody"]["login"], found["nobody"]["total"]) == ("no09", "")
    assert found["nobody"]["without_points"] == "lesson next"
    assert "nobody: in the roster, and nothing handed in." in said


def test_two_results_of_one_assignment_are_refused_by_name(export: Export, small_class: Any, both: Path) -> None:
    code, said, _ = export(small_class.results, small_class.results)
    assert code == 2
    assert "both have results of lesson" in said


def test_a_folder_without_results_is_a_sentence(export: Export, both: Path) -> None:
    code, said, _ = export(both / "nowhere")
    assert code == 2
    assert "There are no results in" in said
