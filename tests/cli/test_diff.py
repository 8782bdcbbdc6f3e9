"""`grader diff OLD NEW`: who came out differently in another grading of the class, and by which checks."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.core.records import CheckResult, CheckStatus, ExerciseResult, ExerciseStatus, SubmissionResult
from grader.core.records import SubmissionStatus as Status
from grader.results.decisions import Decision
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

Kit = Callable[..., Any]
FULL = {"double": 2.0, "half": 2.0}


def result(student: str, points: dict[str, float], status: Status = Status.GRADED) -> SubmissionResult:
    """A result with one check for each exercise, which earns its points."""
    exercises = []
    for name, earned in points.items():
        kind = ExerciseStatus.PASSED if earned == 2 else ExerciseStatus.FAILED
        check = CheckStatus.PASSED if earned == 2 else CheckStatus.FAILED
        kind = {Status.GRADED: kind, Status.GRADER_ERROR: ExerciseStatus.GRADER_ERROR}.get(
            status, ExerciseStatus.NOT_FOUND
        )
        checks = (CheckResult(f"test_{name}", check, earned, 2.0),)
        exercises.append(ExerciseResult(name, kind, earned, 2.0, checks))
    return SubmissionResult(student, status, tuple(exercises))


def graded(folder: Path, *results: SubmissionResult, work: dict[str, str] | None = None, seed: int = 7) -> Path:
    """A folder of results; `work` is what somebody handed in, where it is not the same in all."""
    with ResultStore.create(folder, BatchKey("lesson", seed, "cpu", "digest", "0.1.0")) as store:
        for each in results:
            store.put(each, (work or {}).get(each.student, "the same"), 0.1)
    (folder / "results.jsonl").touch()
    return folder


def set_points(folder: Path, student: str, exercise: str, points: float) -> None:
    with ResultStore.reopen(folder) as store:
        store.decide(Decision(student, exercise, points, "nearly", "grace", "2026-11-30T10:00:00+00:00", 0.0))


def rows(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["exercise"]): row for row in csv.DictReader(file, strict=True)}


def test_what_we_failed_to_grade_is_said_of_each_folder(tmp_path: Path, kit: Kit) -> None:
    nothing = {"double": 0.0, "half": 0.0}
    failed = [result(student, nothing, Status.GRADER_ERROR) for student in ("ada", "bob")]
    unread = result("cyd", nothing, Status.UNREADABLE)  # which is no failure of ours
    old = graded(tmp_path / "old", *failed, unread)
    new = graded(tmp_path / "new", *failed[:1], result("bob", nothing), unread)
    words = "could not be graded in full because of our own failure. Grade them again with --resume."
    run = kit("diff", old, old)
    assert run.stdout.count(f"In {old}, 2 submissions {words}") == 2
    assert f"In {new}, 1 submission {words}" in kit("diff", old, new).stdout
    for exercise in nothing:
        set_points(new, "ada", exercise, 1.0)
    assert f"In {new}" not in kit("diff", old, new).stdout
    assert words not in kit("diff", *[graded(tmp_path / "right", result("ada", FULL))] * 2).stdout


def test_who_came_out_differently_is_said_with_the_check(tmp_path: Path, kit: Kit) -> None:
    old = graded(tmp_path / "old", result("ada", FULL), result("bob", {**FULL, "half": 0.0}), result("cyd", FULL))
    new = graded(tmp_path / "new", result("ada", {**FULL, "half": 1.0}), result("bob", FULL), result("cyd", FULL))
    run = kit("diff", old, new, "--csv", tmp_path / "what.csv")
    assert run.code == 0, run.text
    assert "Of 3 learners in both, these differ: 2 exercises of 2 learners. 1 gained points, 1 lost some." in run.stdout
    assert "ada, half: 2 (passed) → 1 (failed), by test_half" in run.stdout
    assert "bob, half: 0 (failed) → 2 (passed), by test_half" in run.stdout
    assert "cyd" not in run.stdout
    assert "seeds" not in run.stdout
    written = rows(tmp_path / "what.csv")
    assert written.keys() == {("ada", "half"), ("bob", "half")}
    assert {(row["because"], row["checks"]) for row in written.values()} == {("checks", "test_half")}


def test_why_is_told_from_what_was_handed_in_and_from_what_a_person_decided(tmp_path: Path, kit: Kit) -> None:
    wrong = {**FULL, "half": 0.0}
    old = graded(tmp_path / "old", *(result(name, wrong) for name in ("ada", "bob", "cyd")), work={"ada": "first try"})
    new = graded(tmp_path / "new", result("ada", FULL), result("bob", wrong), result("cyd", FULL))
    set_points(new, "bob", "half", 1.5)
    set_points(new, "cyd", "half", 1.0)
    run = kit("diff", old, new, "--csv", tmp_path / "what.csv")
    assert run.code == 0, run.text
    found = {
        student: (row["before"], row["after"], row["because"])
        for (student, _), row in rows(tmp_path / "what.csv").items()
    }
    assert found == {"ada": ("0", "2", "submission"), "bob": ("0", "1.5", "override"), "cyd": ("0", "1", "checks")}


def test_what_was_not_graded_has_no_points_and_no_zero(tmp_path: Path, kit: Kit) -> None:
    old = graded(tmp_path / "old", result("ada", FULL))
    new = graded(tmp_path / "new", result("ada", {"double": 0.0, "half": 0.0}, Status.NOT_FOUND))
    kit("diff", old, new, "--csv", tmp_path / "what.csv")
    assert {row["after"] for row in rows(tmp_path / "what.csv").values()} == {""}


def test_who_is_in_one_of_them_only_is_named(tmp_path: Path, kit: Kit) -> None:
    old = graded(tmp_path / "old", result("ada", FULL), result("bob", FULL))
    new = graded(tmp_path / "new", result("ada", FULL), result("eve\x1b[31m", FULL), seed=8)
    run = kit("diff", old, new)
    assert "No result differs, of 1 learner in both." in run.stdout
    assert f"Only in {old}: bob." in run.stdout
    assert f"Only in {new}: eve" in run.stdout
    assert "\x1b[31m" not in run.stdout


def test_of_many_differences_the_first_are_shown_and_other_seeds_are_said(tmp_path: Path, kit: Kit) -> None:
    names = [f"learner{number:02}" for number in range(30)]
    old = graded(tmp_path / "old", *(result(name, FULL) for name in names))
    new = graded(tmp_path / "new", *(result(name, {**FULL, "half": 0.0}) for name in names), seed=8)
    run = kit("diff", old, new)
    assert "learner19, half" in run.stdout
    assert "learner20" not in run.stdout
    assert "and 10 more, in what --csv FILE writes" in run.stdout
    assert "different seeds" in run.stdout


@pytest.mark.parametrize("broken", ["missing", "damaged", "of a file that can't be written"])
def test_what_can_not_be_read_or_written_is_one_sentence(tmp_path: Path, kit: Kit, broken: str) -> None:
    old, new = graded(tmp_path / "old", result("ada", FULL)), graded(tmp_path / "new", result("ada", FULL))
    more: list[object] = []
    if broken == "missing":
        new = tmp_path / "nwe"
    elif broken == "damaged":
        (new / "results.db").write_bytes(b"no database" * 100)
    else:
        more = ["--csv", tmp_path / "nowhere" / "what.csv"]
    run = kit("diff", old, new, *more)
    assert run.code != 0
    assert "Traceback" not in run.text
    assert len(run.stderr.strip().split("\n")) <= 2
