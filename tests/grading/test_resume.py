"""A batch goes on with what has changed. (How it goes on after it was stopped: `tests/faults`.)"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow

STUDENTS = [f"s{number:02d}" for number in range(8)]
WRONG = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path]) -> Path:
    place = tmp_path_factory.mktemp("class")
    for number, student in enumerate(STUDENTS):
        submit(place, student, **({"mse": WRONG} if number % 2 else {}))
    return place


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Any:
    run = kit("grade", folder, "--seed", 5, out=tmp_path_factory.mktemp("undisturbed") / "out")
    assert run.code == 0, run.text
    return run


def test_a_folder_that_holds_results_is_refused_without_resume(
    folder: Path, undisturbed: Any, kit: Callable[..., Any]
) -> None:
    before = (undisturbed.out / "results.jsonl").read_bytes()
    again = kit("grade", folder, out=undisturbed.out)
    assert again.code == 2
    assert "--resume" in again.stderr
    assert (undisturbed.out / "results.jsonl").read_bytes() == before


def test_resume_grades_what_has_changed_and_drops_who_is_gone(
    folder: Path, undisturbed: Any, submit: Callable[..., Path], kit: Callable[..., Any], tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "in")
    shutil.copytree(undisturbed.out, tmp_path / "out")
    shutil.rmtree(tmp_path / "in" / "s00")
    shutil.rmtree(tmp_path / "in" / "s01")
    submit(tmp_path / "in", "s01")
    again = kit("grade", tmp_path / "in", "--resume", out=tmp_path / "out")
    assert again.code == 0, again.text
    assert "6 of 7 submissions have a result already." in again.stdout
    assert "… and 6 more in grades.csv" in again.stdout
    assert "s02" not in again.stdout
    assert "s00" not in again.results
    assert again.results["s01"]["score"] == TOTAL
    assert not (tmp_path / "out" / "feedback" / "s00.html").exists()


@pytest.mark.soak
def test_resume_with_other_limits_grades_all_again_and_comes_to_the_same(
    folder: Path, undisturbed: Any, quick_course: Path, kit: Callable[..., Any], tmp_path: Path
) -> None:
    shutil.copytree(undisturbed.out, tmp_path / "out")
    again = kit("--course", quick_course, "grade", folder, "--resume", out=tmp_path / "out")
    assert again.code == 0, again.text
    assert "so 8 submissions are graded again: every exercise." in again.stdout
    for student, result in undisturbed.results.items():
        assert again.results[student]["score"] == result["score"]
    assert not (again.out / "changes.csv").exists()


def test_resume_with_another_seed_is_refused(folder: Path, undisturbed: Any, kit: Callable[..., Any]) -> None:
    again = kit("grade", folder, "--resume", "--seed", 6, out=undisturbed.out)
    assert again.code == 2
    assert "it was begun with the seed 5" in again.stderr


def test_only_grades_whom_it_names(folder: Path, kit: Callable[..., Any], tmp_path: Path) -> None:
    run = kit("grade", folder, "--only", "s03", out=tmp_path / "out")
    assert run.code == 0, run.text
    assert list(run.results) == ["s03"]
    wrong = kit("grade", folder, "--only", "s3", out=tmp_path / "other")
    assert wrong.code == 2
    assert 'Did you mean "s0' in wrong.stderr
