"""Points that a person set are said to be that, in every report, and the learner is not told who it was."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, Course
from grader.core.records import ExerciseStatus, Finding, Override, SubmissionResult, SubmissionStatus
from grader.results.data_files import json_line, write_overrides
from grader.results.decisions import Decision
from grader.results.feedback_page import page_of
from grader.results.reports import feedback_html, text_page
from grader.results.summary_table import what_went_wrong

Make = Callable[..., SubmissionResult]
S = ExerciseStatus
FINDING = Finding("`add` takes away.", (("called", "add(2, 1)"),), "What is a sum?")
HOSTILE = '=cmd() <script>alert("1")</script> & `code`'


def override(points: float, reason: str = "It reads well", checks_gave: float = 0.0) -> Override:
    return Override(points, reason, "helena", "2026-11-23T23:30:00-05:00", checks_gave)


def pages(result: SubmissionResult, course: Course, lesson: Assignment) -> tuple[str, str]:
    page = page_of(result, course, lesson)
    return text_page(page), feedback_html(page)


@pytest.mark.parametrize(
    ("found", "points", "counts"),
    [
        (S.FORBIDDEN, 2, S.PASSED),
        (S.FORBIDDEN, 1, S.PARTIAL),
        (S.FORBIDDEN, 0, S.FORBIDDEN),
        (S.FAILED, 2, S.PASSED),
        (S.PASSED, 1, S.PARTIAL),
        (S.PASSED, 0, S.FAILED),
        (S.PARTIAL, 0, S.FAILED),
        (S.GRADER_ERROR, 0, S.FAILED),
        (S.GRADER_ERROR, 1.5, S.PARTIAL),
        (S.TODO, 0, S.TODO),
        (S.BLOCKED, 0, S.BLOCKED),
        (S.TIMED_OUT, 2, S.PASSED),
    ],
)
def test_the_status_goes_with_the_points(result_of: Make, found: S, points: float, counts: S) -> None:
    result = result_of("ada", add=(found, 0.0, FINDING)).overruled({"add": override(points)})
    exercise = json.loads(json_line(result))["exercises"]["add"]
    assert (exercise["status"], exercise["score"], exercise["max_score"]) == (counts.value, points, 2)
    assert result.score == 8 + points
    assert result.as_checked() == result_of("ada", add=(found, 0.0, FINDING))


def test_results_jsonl_keeps_its_shape_and_says_who_when_why_and_instead_of_what(result_of: Make) -> None:
    plain = result_of("ada", add=(S.PARTIAL, 0.5, FINDING))
    line, untouched = json.loads(json_line(plain.overruled({"add": override(1.5)}))), json.loads(json_line(plain))
    assert "overrides" not in untouched
    assert list(line) == [*untouched, "overrides"]
    assert list(line["exercises"]["add"]) == list(untouched["exercises"]["add"])
    assert line["exercises"]["add"]["feedback"].splitlines()[:2] == [
        "1.5 of 2 points, set by a person: It reads well (2026-11-23)",
        "`add` takes away.",
    ]
    assert line["overrides"] == {
        "add": {
            "points": 1.5,
            "reason": "It reads well",
            "by": "helena",
            "at": "2026-11-23T23:30:00-05:00",
            "checks_score": 1.0,
            "checks_status": "partial",
        }
    }


def test_a_page_says_that_a_person_set_the_points_and_why_and_not_who(
    result_of: Make, course: Course, lesson: Assignment
) -> None:
    result = result_of("ada", add=(S.PARTIAL, 0.5, FINDING)).overruled({"add": override(1.5)})
    for page in pages(result, course, lesson):
        assert "1.5 of 2 points, set by a person: It reads well (2026-11-23)" in page
        assert "9.5 of 10 points" in page
        assert "takes away." in page
        assert "helena" not in page
    assert "partly, 1.5 of 2 points, set by a person" in pages(result, course, lesson)[0]


@pytest.mark.parametrize(("found", "points"), [(S.FAILED, 2), (S.FORBIDDEN, 2), (S.FORBIDDEN, 1)])
def test_what_a_person_made_good_is_not_to_be_fixed(
    result_of: Make, course: Course, lesson: Assignment, found: S, points: float
) -> None:
    result = result_of("ada", add=(found, 0.0, FINDING)).overruled({"add": override(points)})
    for page in pages(result, course, lesson):
        assert "takes away." not in page
        assert "What is a sum?" not in page
        assert "Fix" not in page
        assert ("every exercise is done" if points == 2 else "your instructor has decided on the points") in page


def test_what_is_left_to_fix_is_still_named(result_of: Make, course: Course, lesson: Assignment) -> None:
    partly = result_of("ada", add=(S.FAILED, 0.0, FINDING)).overruled({"add": override(1)})
    other = result_of("ada", add=(S.FORBIDDEN, 0.0, FINDING), plot=(S.FAILED, 0.0, None))
    assert "Fix add (A sum)." in pages(partly, course, lesson)[0]
    assert "Fix plot (A picture)." in pages(other.overruled({"add": override(1)}), course, lesson)[0]


def test_points_for_one_exercise_do_not_open_those_that_need_it(
    result_of: Make, course: Course, lesson: Assignment
) -> None:
    result = result_of("ada", add=(S.FAILED, 0.0, FINDING), mean=(S.BLOCKED, 0.0, None))
    text, html = pages(result.overruled({"add": override(2)}), course, lesson)
    assert "blocked by add" in text
    assert "blocked by add" in html
    assert "Fix mean (A mean)." in text


@pytest.mark.parametrize("status", [SubmissionStatus.UNREADABLE, SubmissionStatus.GRADER_ERROR])
def test_points_for_what_was_not_graded_are_shown_beside_the_notice(
    result_of: Make, course: Course, lesson: Assignment, status: SubmissionStatus
) -> None:
    nothing = dict.fromkeys(("add", "mean", "plot"), (S.TODO, 0.0, None))
    result = result_of("ada", status, "It ends too early.", **nothing).overruled({"mean": override(3)})
    for page in pages(result, course, lesson):
        assert "3 of 3 points, set by a person: It reads well (2026-11-23)" in page
        assert "3 of 10 points" in page
        assert "A sum" not in page
        assert "What to try next" not in page


def test_the_table_names_what_a_person_set(result_of: Make) -> None:
    forbidden = result_of("ada", add=(S.FORBIDDEN, 0.0, FINDING), plot=(S.TODO, 0.0, None))
    assert what_went_wrong(forbidden.overruled({"add": override(1)})) == "to do: plot; set by a person: add"
    assert (
        what_went_wrong(forbidden.overruled({"add": override(0)}))
        == "add: not allowed; to do: plot; set by a person: add"
    )
    refused = result_of("ada", SubmissionStatus.REFUSED, "Two entries.")
    assert what_went_wrong(refused.overruled({"add": override(1)})) == "Two entries.; set by a person: add"


def test_a_reason_is_only_text_on_a_page(result_of: Make, course: Course, lesson: Assignment) -> None:
    text, html = pages(result_of("ada").overruled({"add": override(1, HOSTILE)}), course, lesson)
    assert HOSTILE in " ".join(text.split())
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_overrides_csv_is_the_history_safe_to_open_in_a_spreadsheet(tmp_path: Path) -> None:
    first = Decision("=ada", "add", 1.5, HOSTILE, "@helena", "2026-11-23T10:00:00+01:00", 1)
    last = Decision("=ada", "add", None, "", "otto", "2026-11-24T10:00:00+01:00", 1)
    other = Decision("bob", "add", 0, "a\tb", "otto", "2026-11-24T11:00:00+01:00", 1 / 3)
    write_overrides(tmp_path / "overrides.csv", [first, last, other])
    with (tmp_path / "overrides.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows == [
        ["student", "exercise", "decision", "points", "checks_gave", "reason", "by", "at", "in_force", "group"],
        ["'=ada", "add", "set", "1.5", "1", f"'{HOSTILE}", "'@helena", first.at, "no", ""],
        ["'=ada", "add", "taken back", "", "1", "", "otto", last.at, "no", ""],
        ["bob", "add", "set", "0", "0.3333", "a\\tb", "otto", other.at, "yes", ""],
    ]
