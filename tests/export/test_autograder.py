"""Our grader as Gradescope's: the archive is unpacked as Gradescope does it, and `run_autograder` is run for real."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import GradingError
from grader.core.files import zipped
from grader.results.export import autograder_run
from tests.export.gradescope_container import Container, unpacked
from tests.lesson_points import EXERCISES, TOTAL

pytestmark = pytest.mark.slow

LATE = {
    "id": 1,
    "created_at": "2026-12-16T12:00:00.365935-08:00",
    "assignment": {"due_date": "2026-12-14T23:59:00.000000-08:00", "total_points": "20.0"},
    "users": [{"email": "a@uni.example", "id": 1, "name": "=Ada"}],
    "previous_submissions": [],
}


@pytest.fixture(scope="module")
def archive(kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "autograder.zip"
    run = kit("export", "gradescope-autograder", "--visibility", "after_due_date", out=path)
    assert run.code == 0, run.text
    assert "give it to nobody else" in run.stdout
    return path


@pytest.fixture(scope="module")
def container(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Container:
    return unpacked(archive, tmp_path_factory.mktemp("autograder"))


def test_a_right_submission_earns_all_and_is_shown_when_the_instructor_wants(
    container: Container, submit: Callable[..., Path], tmp_path: Path
) -> None:
    result, said = container.grade(submit(tmp_path, "ada"), {**LATE, "created_at": "2026-12-14T12:00:00-08:00"})
    assert (result.score, result.visibility) == (30, "after_due_date")
    assert len(result.tests or []) == len(EXERCISES)
    assert all(test.status == "passed" for test in result.tests or [])
    assert "Learners' code is" in said
    assert f"graded: {TOTAL} of {TOTAL} points" in said


def test_a_wrong_and_late_one_in_a_repository_is_told_why_and_loses_for_lateness(
    container: Container, submit: Callable[..., Path], tmp_path: Path
) -> None:
    wrong = submit(
        tmp_path / "repository" / "exercises",
        "linear_regression",
        mse="def mse(a, b):\n    return (a - b).abs().mean()",
    )
    (tmp_path / "repository" / "README.md").write_text("mine")
    result, _ = container.grade(wrong.parent.parent, LATE)
    tests = {(test.name or "").partition(":")[0]: test for test in result.tests or []}
    assert tests["mse"].status == "failed"
    assert "right is" in (tests["mse"].output or "")
    earned = sum(test.score or 0 for test in tests.values())
    assert 15 < earned < 30
    assert result.score == pytest.approx(earned * 0.8)
    off = re.search(r"Handed in .* late: ([\d.]+) of ([\d.]+) points less", result.output or "")
    assert off
    assert (float(off[1]), float(off[2])) == pytest.approx((earned * 0.2, earned))


def test_an_empty_one_has_nothing_that_counts_and_odd_metadata_hurts_nobody(container: Container) -> None:
    result, said = container.grade(None, '{"created_at": "yesterday", "users": [[[')
    assert result.score == 0
    assert result.tests == []
    assert "The submission is empty" in (result.output or "")
    assert (result.extra_data or {})["status"] == "not_found"
    assert "submission_metadata.json: expected JSON, found what is none, at line 1 column" in said


def test_when_our_grader_fails_the_result_says_so_and_is_valid(
    container: Container, submit: Callable[..., Path], tmp_path: Path
) -> None:
    hidden = next((container.root / "source" / "solutions").rglob("test_mse.py"))
    text = hidden.read_text()
    hidden.write_text("this is no python\n")
    try:
        result, said = container.grade(submit(tmp_path, "ada"), LATE)
    finally:
        hidden.write_text(text)
    assert "because of a failure on our side" in (result.output or "")
    assert (result.extra_data or {})["status"] == "grader_error"
    assert [test.score for test in result.tests or []] == [None] * 8
    assert "test_mse" in said
    assert "test_mse" not in result.model_dump_json()


def test_where_code_cannot_be_shut_in_nothing_is_run_unless_the_archive_was_made_for_that(
    container: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(wanted: object) -> Any:
        raise GradingError("Landlock doesn't work here.")

    ran: list[Any] = []
    monkeypatch.setattr(autograder_run, "choose_isolation", refuse)
    monkeypatch.setattr(autograder_run, "try_layers", list)
    monkeypatch.setattr(autograder_run, "_graded", lambda *given: ran.append(given[-1]))
    monkeypatch.setenv("AUTOGRADER_ROOT", str(container.root))
    assert autograder_run.main() == GradingError.exit_code
    assert not ran
    assert "Landlock doesn't work here." in capsys.readouterr().out
    settings = container.root / "source" / "autograder.json"
    before = settings.read_text()
    settings.write_text(before.replace('"trusted": false', '"trusted": true'))
    try:
        assert autograder_run.main() == 1  # nothing came of what was not graded here
    finally:
        settings.write_text(before)
    assert [isolation.level for isolation in ran] == ["none"]
    assert "made with --sandbox none" in capsys.readouterr().out


def test_the_archive_has_what_gradescope_needs_at_its_root(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        modes = {info.filename: info.external_attr >> 16 for info in opened.infolist()}
    assert {"setup.sh", "run_autograder", "requirements.txt", "course.toml", "grader/__init__.py"} <= set(names)
    assert modes["setup.sh"] == modes["run_autograder"] == 0o100755
    assert any(name.startswith("solutions/") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc") or "/." in f"/{name}"]
    assert not [name for name in names if name.startswith(("tests/", "sample_class/"))]


def test_the_scripts_are_valid_bash(container: Container) -> None:
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", container.root / "source" / script], check=True)


def test_the_same_course_gives_the_same_bytes(kit: Callable[..., Any], archive: Path, tmp_path: Path) -> None:
    kit("export", "gradescope-autograder", "--visibility", "after_due_date", out=tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_the_order_of_files_makes_no_difference() -> None:
    one, two = {"a": b"1", "b": b"2"}, {"b": b"2", "a": b"1"}
    assert zipped(one) == zipped(two)
    assert zipfile.ZipFile(io.BytesIO(zipped(one))).testzip() is None


def test_a_place_for_other_builds_is_passed_on_to_pip(kit: Callable[..., Any], tmp_path: Path) -> None:
    kit("export", "gradescope-autograder", "--extra-index-url", "https://packages.example/cpu", out=tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        lines = opened.read("requirements.txt").decode().splitlines()
    assert lines[0] == "--extra-index-url https://packages.example/cpu"
    assert all("==" in line and "+" not in line for line in lines[1:])


def test_without_solutions_there_is_no_archive(kit: Callable[..., Any], root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "course.toml", tmp_path)
    run = kit("--course", tmp_path, "export", "gradescope-autograder", out=tmp_path / "a.zip")
    assert run.code == 2
    assert 'no folder "solutions"' in run.stderr
