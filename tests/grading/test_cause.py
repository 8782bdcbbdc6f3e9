"""What an exercise failed of: `cause` in `results.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.checks.scoring import said_once
from grader.core.records import Cause, ExerciseResult, ExerciseStatus, Finding, Override

RAISES = "def mse(t1, t2):\n    difference = t1 - t2\n    return difference.total()\n"
SUMS = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"
WRONG = "def mse(t1, t2):\n    return (t1 - t2).abs().sum() * 0.37\n"
TODO = "def mse(t1, t2):\n    raise NotImplementedError\n"


def cell(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}


@pytest.fixture(scope="module")
def causes(
    tmp_path_factory: pytest.TempPathFactory, quick_course: Path, submit: Callable[..., Path], kit: Callable[..., Any]
) -> dict[str, dict[str, Any]]:
    """The cause of each exercise, by student."""
    folder = tmp_path_factory.mktemp("causes")
    for name, code in {"raises": RAISES, "sums": SUMS, "wrong": WRONG, "todo": TODO}.items():
        submit(folder / "in", name, mse=code)
    cells = [cell("import torch"), {"cell_type": "markdown", "source": "text", "metadata": {}}, cell(RAISES)]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "in" / "cells.ipynb").write_text(json.dumps(notebook))
    run = kit("--course", quick_course, "grade", folder / "in", "--seed", 3, out=folder / "out")
    assert run.code == 0, run.text
    return {
        student: {name: each["cause"] for name, each in result["exercises"].items()}
        for student, result in run.results.items()
    }


def line_of(source: str, words: str) -> int:
    return next(number for number, line in enumerate(source.split("\n"), start=1) if words in line)


def test_an_exception_has_its_line(
    causes: dict[str, dict[str, Any]], submit: Callable[..., Path], tmp_path: Path
) -> None:
    text = (submit(tmp_path, "again", mse=RAISES) / "from_scratch.py").read_text()
    cause = causes["raises"]["mse"]
    assert (cause["by"], cause["module"]) == ("exception", "from_scratch")
    assert cause["line"] == line_of(text, "difference.total()")
    assert "total" in cause["says"]
    assert "cell" not in cause


def test_in_a_notebook_the_line_is_that_of_its_cell(causes: dict[str, dict[str, Any]]) -> None:
    cause = causes["cells"]["mse"]
    assert (cause["by"], cause["cell"], cause["line"]) == ("exception", 3, 3)


def test_a_misconception_says_what_the_learner_reads_and_where_it_is(
    causes: dict[str, dict[str, Any]], submit: Callable[..., Path], tmp_path: Path
) -> None:
    text = (submit(tmp_path, "again", mse=SUMS) / "from_scratch.py").read_text()
    cause = causes["sums"]["mse"]
    assert (cause["by"], cause["module"], cause["line"]) == ("bank", "from_scratch", line_of(text, ".sum()"))
    assert "sum" in cause["says"]


def test_what_a_whole_module_fails_of_is_told_once() -> None:
    cause = Cause("exception", "m", 3, "m.py can't be imported.")
    both = {
        name: ExerciseResult(name, ExerciseStatus.FAILED, 0.0, 1.0, finding=Finding(cause.says), cause=cause)
        for name in ("one", "two")
    }
    told = said_once(both, {"one": "m", "two": "m"})
    assert [result.cause for result in told.values()] == [cause, None]


def test_full_points_that_a_person_set_leave_no_cause() -> None:
    cause = Cause("exception", "m", 3, "It stops.")
    failed = ExerciseResult("one", ExerciseStatus.FAILED, 0.0, 2.0, finding=Finding("It stops."), cause=cause)
    assert failed.overruled(Override(2.0, "Fine.", "helena", "2026-11-29T12:00:00+00:00", 0.0)).cause is None
    assert failed.overruled(Override(1.0, "Half.", "helena", "2026-11-29T12:00:00+00:00", 0.0)).cause == cause


@pytest.mark.parametrize("student", ["wrong", "todo"])
def test_where_the_cause_is_not_known_there_is_none(causes: dict[str, dict[str, Any]], student: str) -> None:
    assert causes[student]["mse"] is None


def test_a_mistake_is_told_where_it_was_made(causes: dict[str, dict[str, Any]]) -> None:
    for student in ("raises", "sums"):
        assert [name for name, cause in causes[student].items() if cause] == ["mse"], student
