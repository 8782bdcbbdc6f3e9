"""The command line: help worth reading, sentences for what goes wrong, and no traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from grader.cli import COMMANDS, cli, main
from tests.conftest import Run
from tests.lesson_points import TOTAL
from tests.one_lesson import OTHER_LESSONS, one_lesson


@pytest.fixture
def typed(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Run]:
    """A command as `kit` runs it, but in this process, which has loaded torch: for what is answered before any work."""

    def run(*words: object, cwd: Path = root) -> Run:
        monkeypatch.chdir(cwd)
        monkeypatch.setenv("COLUMNS", "100")
        code = main([str(word) for word in words])
        return Run(code, *capsys.readouterr(), tmp_path / "out")

    return run


def test_help_says_what_each_command_is_for(kit: Callable[..., Any]) -> None:
    run = kit("--help")
    assert run.code == 0
    for word in ("grade", "course", "stubs", "pytest exercises"):
        assert word in run.stdout


def test_every_command_in_the_list_is_there_under_its_name() -> None:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help


def test_a_slip_in_a_commands_name_gets_the_nearest_one(typed: Callable[..., Run]) -> None:
    assert "There is no command 'grad'. Did you mean \"grade\"?" in problem(typed("grad", "submissions"))


@pytest.mark.slow
def test_the_list_of_commands_the_course_and_its_stubs_are_looked_at_without_loading_torch(root: Path) -> None:
    code = """
import contextlib, sys
from grader.cli import main
with contextlib.suppress(SystemExit):
    assert main(["--help"]) == 0
assert main(["check"]) == 0
assert main(["stubs", "--check"]) == 0
assert "torch" not in sys.modules
from grader.cli import COMMANDS
assert set(COMMANDS) > {"grade", "audit"}
main(["audit", "--help"])
assert "torch" in sys.modules, "this test would not notice"
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_grading_begins_without_what_only_its_processes_and_its_pages_need(root: Path) -> None:
    code = """
import contextlib, sys
from grader.cli import main
with contextlib.suppress(SystemExit):
    main(["grade", "--help"])
loaded = {"torch", "numpy", "pytest", "jinja2", "markdown_it", "pygments"} & sys.modules.keys()
assert not loaded, f"loaded: {loaded}"
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("grade", ["--resume", "--seed", "--only", "--jobs", "--device", "--assignment", "results.jsonl"]),
        ("nbgrader", ["COURSE_DIR", "--resume", "--only", "--jobs", "generate_feedback", "by hand"]),
        ("override set", ["--reason", "--by", "--undo", "--results", "POINTS"]),
        ("override list", ["--history", "--results"]),
        ("check", ["course.toml"]),
        ("stubs", ["--check", "--force", "--reset"]),
        ("release", ["--out", "--assignment", "--unaudited", "nbgrader", "Refuses"]),
    ],
)
def test_each_command_has_help_worth_reading(typed: Callable[..., Run], command: str, words: list[str]) -> None:
    run = typed(*command.split(), "--help")
    assert run.code == 0
    for word in words:
        assert word in run.stdout


def test_the_course_is_shown_and_found_in_order(kit: Callable[..., Any]) -> None:
    run = kit("course")
    assert run.code == 0
    assert "Linear regression with PyTorch" in run.stdout
    assert f"{TOTAL} points" in run.stdout
    assert "in order" in run.stdout


def test_the_course_is_found_from_a_folder_below(root: Path, typed: Callable[..., Run]) -> None:
    assert typed("course", cwd=root / "docs").code == 0


def problem(run: Run) -> str:
    assert run.code != 0
    assert "Traceback" not in run.text
    assert run.stderr.strip()
    return run.stderr


def test_a_folder_without_a_course_is_a_sentence(typed: Callable[..., Run], tmp_path: Path) -> None:
    assert "course.toml" in problem(typed("course", cwd=tmp_path))


def test_a_typo_in_course_toml_is_named_with_a_suggestion(
    root: Path, typed: Callable[..., Run], tmp_path: Path
) -> None:
    text = (root / "course.toml").read_text().replace("exercise_seconds", "excercise_seconds")
    (tmp_path / "course.toml").write_text(text)
    said = problem(typed("course", cwd=tmp_path))
    assert "excercise_seconds" in said
    assert 'exercise_seconds"' in said


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("grade", "nowhere"), "nowhere"),
        (("grade", "course.toml"), "not a folder"),
        (("grade", "sample_class", "--assignment", "linear_regresion"), "linear_regression"),
        (("grade", "sample_class", "--jobs", "0"), "jobs"),
        (("grade", "sample_class", "--resume"), "results"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_sentence(
    typed: Callable[..., Run], tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    assert word in problem(typed(*arguments, "--out", tmp_path / "out"))


def test_results_are_not_written_among_the_submissions(
    typed: Callable[..., Run], submit: Callable[..., Path], tmp_path: Path
) -> None:
    submit(tmp_path / "in", "ada")
    said = problem(typed("grade", tmp_path / "in", "--out", tmp_path / "in" / "out"))
    assert "lies in the folder of submissions. Give a folder outside of it." in " ".join(said.split())
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["ada"]


@pytest.mark.slow
def test_a_gpu_that_is_not_there_is_a_message_before_anything_is_graded(
    kit: Callable[..., Any], typed: Callable[..., Run], submit: Callable[..., Path], tmp_path: Path
) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU on this machine")
    submit(tmp_path / "in", "ada")
    said = problem(typed("grade", tmp_path / "in", "--device", "cuda", "--out", tmp_path / "out"))
    assert "--device cpu" in said
    assert not (tmp_path / "out" / "results.db").exists()
    auto = kit("grade", tmp_path / "in", "--device", "auto", out=tmp_path / "out")
    assert auto.code == 0, auto.text
    assert "Grading on the CPU" in auto.stdout
    assert auto.results["ada"]["score"] == TOTAL


@pytest.mark.slow
def test_a_hidden_check_that_breaks_is_our_mistake_and_costs_no_status_but_grader_error(
    quick_course: Path, kit: Callable[..., Any], submit: Callable[..., Path], tmp_path: Path
) -> None:
    shutil.copytree(quick_course, tmp_path / "course")
    hidden = tmp_path / "course/solutions/linear_regression/hidden/test_mse.py"
    hidden.write_text(
        hidden.read_text().replace("    outcomes = [student.mse(a, b) for a, b in pairs]\n", "    1 / 0\n")
    )
    submit(tmp_path / "in", "ada")
    run = kit("grade", tmp_path / "in", out=tmp_path / "out", cwd=tmp_path / "course")
    assert run.code == 3, run.text
    assert run.results["ada"]["exercises"]["mse"]["status"] == "grader_error"
    assert run.results["ada"]["exercises"]["model"]["status"] == "passed"
    assert "ZeroDivisionError" in run.stdout
    assert "--resume" in run.stdout


@pytest.mark.slow
def test_a_hidden_check_that_can_not_be_collected_stops_the_grading_with_a_sentence(
    quick_course: Path, kit: Callable[..., Any], submit: Callable[..., Path], tmp_path: Path
) -> None:
    shutil.copytree(quick_course, tmp_path / "course")
    (tmp_path / "course/solutions/linear_regression/hidden/test_extra.py").write_text("def test_nothing():\n    pass\n")
    submit(tmp_path / "in", "ada")
    said = problem(kit("grade", tmp_path / "in", out=tmp_path / "out", cwd=tmp_path / "course"))
    assert "must be marked" in said


def test_stubs_are_checked_and_somebodys_work_is_kept(root: Path, typed: Callable[..., Run], tmp_path: Path) -> None:
    for name in ("solutions", "exercises"):
        ignored = shutil.ignore_patterns("__pycache__", *OTHER_LESSONS)
        shutil.copytree(root / name, tmp_path / name, ignore=ignored)
    (tmp_path / "course.toml").write_text(one_lesson(), encoding="utf-8")
    stub = tmp_path / "exercises/linear_regression/from_scratch.py"
    assert typed("stubs", "--check", cwd=tmp_path).code == 0
    mine = stub.read_text().replace('raise NotImplementedError("mse is still to do")', "return ((t1 - t2) ** 2).mean()")
    stub.write_text(mine)
    assert "from_scratch.py" in problem(typed("stubs", "--check", cwd=tmp_path))
    kept = typed("stubs", cwd=tmp_path)
    assert kept.code == 1
    assert "--force" in kept.stdout
    assert stub.read_text() == mine
    reset = typed("stubs", "--reset", "mse", cwd=tmp_path)
    assert reset.code == 0, reset.text
    assert "mse is still to do" in stub.read_text()
    assert (stub.parent / "from_scratch.py.bak").read_text() == mine
    problem(typed("stubs", "--reset", "msee", cwd=tmp_path))
    problem(typed("stubs", "--check", "--force", cwd=tmp_path))
