"""One fault of a file is said once; a hint stands only where it can help; `blocked` is nothing that was never written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, right_source, with_function

pytestmark = pytest.mark.slow

FROM_SCRATCH = ("to_tensors", "model", "mse", "gradient_step", "train")
# What is replaced by what; the exercise whose own lines that breaks, and what is said of it.
BROKEN = {
    "colon": ("def mse(t1, t2):", "def mse(t1, t2)", "mse", "A colon is missing on this line"),
    "bracket": (
        "return x @ w.t() + b",
        "return (x @ w.t() + b",
        "model",
        "A ( is opened on this line and never closed.",
    ),
    "indented": ("    losses = []", "      losses = []", "train", "This line is indented too far"),
    "quote": ('"""Take one step', '"Take one step', "gradient_step", "A text is opened with a quote and not closed"),
}
# Functions, what is read of one of them, and whether there is a hint.
CAUSES = {
    "memory": ("to_tensors", "def to_tensors(inputs, targets):\n    return [0] * 10**13", "more memory", False),
    "typo": ("model", "def model(x, w, b):\n    return x @ w.t() + bias", "bias isn't known here", False),
    "import": ("mse", "def mse(t1, t2):\n    import pandsa", "no module pandsa", False),
    "exit": ("mse", "def mse(t1, t2):\n    exit()", "ended the whole program", False),
    "file": ("predict", "def predict(model, region):\n    open('data.csv')", "no such file", False),
    "parameters": ("predict", "def predict(region):\n    return region", "as the exercise calls it", False),
    "shapes": ("model", "def model(x, w, b):\n    return x @ w + b.sum()", "inner sizes", None),
    "value": (
        "mse",
        "def mse(t1, t2):\n    return (t1 * 3).cos().sum() + t2.sin().sum()",
        "not what it should be",
        True,
    ),
    "known line": (
        "mse",
        "def mse(t1, t2):\n    return ((t1 - t2) ** 2).mean() + 17",
        "look at .*a part of it is too",
        False,
    ),
    "to do": (
        "mse",
        "def mse(t1, t2):\n    raise NotImplementedError('mse is still to do')",
        "mse is still to do",
        True,
    ),
}


def stub(function: str) -> str:
    text = (ROOT / "exercises" / "linear_regression" / "from_scratch.py").read_text(encoding="utf-8")
    return "def " + text.partition(f"def {function}(")[2].partition("\n\n\n")[0].rstrip().join([f"{function}(", "\n"])


def notebook(*cells: str) -> str:
    code = [
        {"cell_type": "code", "metadata": {}, "source": cell, "outputs": [], "execution_count": 1} for cell in cells
    ]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


@pytest.fixture(scope="module")
def run(kit: Callable[..., Any], submit: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("once")
    for name, (old, new, _, _) in BROKEN.items():
        path = submit(folder / "in", name) / "from_scratch.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
    half = right_source("from_scratch")
    for function in ("gradient_step", "train"):
        half = with_function(half, function, stub(function))
    unwritten = submit(folder / "in", "half") / "from_scratch.py"
    unwritten.write_text(half.replace(*BROKEN["colon"][:2]), encoding="utf-8")
    encoding = submit(folder / "in", "encoding") / "from_scratch.py"
    encoding.write_text("# coding: none-like-it\n" + right_source("from_scratch"), encoding="utf-8")
    submit(folder / "in", "needs", gradient_step=stub("gradient_step"))
    for name, (exercise, code, _, _) in CAUSES.items():
        submit(folder / "in", name, **{exercise: code})
    cells = [
        "import torch",
        "def mse(t1, t2)\n    return ((t1 - t2) ** 2).mean()",
        "def model(x):\n    return x",
        "x = 1 +",
    ]
    (folder / "in" / "cells.ipynb").write_text(notebook(*cells), encoding="utf-8")
    done = kit("grade", folder / "in", out=folder / "out")
    assert done.code == 0, done.text
    return done


@pytest.mark.parametrize("name", BROKEN)
def test_a_line_that_is_no_python_costs_the_exercise_that_it_stands_in_and_those_that_need_it(
    run: Any, name: str
) -> None:
    _, _, broken, says = BROKEN[name]
    found = run.results[name]["exercises"]
    assert found[broken]["status"] == "failed"
    assert found[broken]["feedback"].startswith(says)
    assert "from_scratch.py, line " in found[broken]["feedback"]
    assert "Hint:" not in found[broken]["feedback"]
    lost = {each: found[each]["status"] for each in found if found[each]["status"] != "passed"}
    assert lost == {"train": "blocked", broken: "failed"}


def test_a_fault_of_a_whole_file_is_said_once_and_the_others_refer_to_it(run: Any) -> None:
    found = run.results["encoding"]["exercises"]
    said = {each: found[each]["feedback"] for each in FROM_SCRATCH}
    assert [found[each]["status"] for each in FROM_SCRATCH] == ["failed"] * 4 + ["blocked"]
    assert "none-like-it" in said["to_tensors"]
    assert [each for each in FROM_SCRATCH[1:-1] if not said[each].endswith("see to_tensors.")] == []
    assert not [each for each in said.values() if "Hint:" in each]
    assert run.results["encoding"]["score"] == 10


def test_what_was_never_written_is_to_do_whatever_the_file(run: Any) -> None:
    found = run.results["half"]["exercises"]
    assert [found[each]["status"] for each in FROM_SCRATCH] == ["passed", "passed", "failed", "todo", "todo"]
    assert found["train"]["feedback"].startswith("train is still to do.")


def test_what_is_needed_and_not_written_is_said_to_be_to_do(run: Any) -> None:
    found = run.results["needs"]["exercises"]
    assert (found["gradient_step"]["status"], found["train"]["status"]) == ("todo", "blocked")
    assert found["train"]["feedback"] == (
        "train needs gradient_step, which is still to do. Write gradient_step first, then check train again."
    )


@pytest.mark.parametrize("name", CAUSES)
def test_a_hint_stands_only_where_it_can_help(run: Any, name: str) -> None:
    exercise, _, says, hint = CAUSES[name]
    said = run.results[name.replace(" ", "-") if name not in run.results else name]["exercises"][exercise]["feedback"]
    assert re.search(says, said), said
    assert hint is None or ("Hint:" in said) is hint, said


def test_who_handed_in_a_notebook_reads_of_no_module(run: Any) -> None:
    found = run.results["cells"]["exercises"]
    assert not [each for each in found.values() if ".py" in each["feedback"]]
    assert found["train"]["status"] == found["gradient_step"]["status"] == "todo"
    assert "notebook" in found["to_tensors"]["feedback"]
