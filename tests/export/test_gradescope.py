"""Gradescope's results.json, held against its documentation by a strict model of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.export.gradescope_format import Documented, read

Export = Callable[..., Any]


@pytest.fixture
def results(export: Export) -> dict[str, Documented]:
    """The exported results by student."""
    out = export("gradescope").out
    with (out / "files.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 17
    return {row["student"]: read(out / row["file"]) for row in rows}


def test_every_file_is_as_documented_and_its_tests_add_up(results: dict[str, Documented]) -> None:
    for student, result in results.items():
        assert result.tests is not None
        if student not in ("refused", "unseen", "lost"):
            assert sum(test.score or 0 for test in result.tests) == result.score, student
        assert result.stdout_visibility == "hidden"


def test_points_feedback_and_status_are_those_of_the_result(results: dict[str, Documented]) -> None:
    ada = results["ada"]
    assert (ada.score, [test.status for test in ada.tests or []]) == (5, ["passed", "passed"])
    trusty = results["trusty"]
    assert trusty.extra_data
    assert trusty.extra_data["trusted"] is True
    assert "without the sandbox" in (trusty.output or "")
    assert "Left aside: x.txt." in (trusty.output or "")
    assert [test.name for test in ada.tests or []] == ["add: A sum", "mean: A mean"]


def test_points_that_a_person_set_count_and_are_said_to_be(results: dict[str, Documented]) -> None:
    test = (results["mended"].tests or [])[0]
    assert (test.score, test.max_score, test.status) == (1, 2, "failed")
    assert "1 of 2 points, set by a person: Looks fine." in (test.output or "")
    assert "helena" not in results["mended"].model_dump_json()


def test_what_we_failed_to_grade_has_no_score_and_says_so(results: dict[str, Documented]) -> None:
    broken, lost, saved = results["broken"], results["lost"], results["saved"]
    assert [test.score for test in broken.tests or []] == [2, None]
    for result in (broken, lost):
        assert "because of a failure on our side" in (result.output or "")
        assert (result.extra_data or {})["final"] is False
    assert (saved.extra_data or {})["final"] is True
    assert saved.score == 2


def test_what_was_refused_says_why_and_shows_no_exercise(results: dict[str, Documented]) -> None:
    assert (results["refused"].score, results["refused"].tests) == (0, [])
    assert "There are 2 entries of this name." in (results["refused"].output or "")
    assert "a 0 shown beside this is not a score" in (results["refused"].output or "")
    assert (results["unseen"].extra_data or {})["final"] is False
    assert [test.score for test in results["half"].tests or []] == [2, None]


def test_learners_text_is_shown_as_text_and_does_nothing(export: Export) -> None:
    out = export("gradescope").out
    for path in out.glob("*.json"):
        result = read(path)
        assert result.output_format == result.test_output_format == result.test_name_format == "text"
        said = "".join(test.output or "" for test in result.tests or [])
        assert not {"\x1b", "\u202e"} & set(said)
    assert any("<script>alert(1)</script>" in str(json.loads(path.read_text())) for path in out.glob("*.json"))


def test_no_check_is_named_and_the_seed_is_not_there(export: Export) -> None:
    for path in export("gradescope").out.glob("*.json"):
        assert "secret" not in path.read_text()


def test_a_second_export_takes_away_what_only_the_first_had(export: Export) -> None:
    out = export("gradescope").out
    (out / "mine.txt").write_text("mine")
    listed = (out / "files.csv").read_text()
    (out / "files.csv").write_text(f"{listed}gone,gone.json\nmalicious,../x.json\n")
    (out / "gone.json").write_text("{}")
    (out.parent / "x.json").write_text("{}")
    again = export("gradescope")
    assert again.code == 0
    assert not (out / "gone.json").exists()
    assert (out / "mine.txt").exists()
    assert (out.parent / "x.json").exists()
    assert (out / "files.csv").read_text() == listed
