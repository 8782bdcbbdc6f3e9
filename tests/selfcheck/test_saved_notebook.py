"""A saved notebook in the self-check: each exercise apart, as in the grading."""

from __future__ import annotations

import json

import pytest

from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.selfcheck.course_file import read_lessons
from grader.selfcheck.notebook_transport import InSavedNotebook, read_saved
from grader.selfcheck.time_limits import TimeLimit
from tests.selfcheck.conftest import LESSON, ROOT


@pytest.fixture
def saved(tmp_path):
    """The way to the functions of a notebook with these cells."""
    made = []

    def _saved(*cells: str) -> InSavedNotebook:
        data = json.dumps({"cells": [{"cell_type": "code", "source": text} for text in cells]}).encode()
        lesson = read_lessons(ROOT / "course.toml")[LESSON]
        made.append(InSavedNotebook(read_saved(tmp_path / "ada.ipynb", data, lesson), TimeLimit(0, lambda: None)))
        return made[-1]

    yield _saved
    for each in made:
        each.forget()


def called(notebook: InSavedNotebook, function: str, *arguments: object, module: str = "from_scratch") -> object:
    outcome, _ = notebook.send(Call(module, function, arguments))()
    return outcome.value if isinstance(outcome, Reply) else outcome


def test_what_fails_costs_the_exercises_that_need_it_and_no_others(saved):
    notebook = saved(
        "from no_such_bars import bar",
        "def mse(a, b): return a - b",
        "scale = 1 / 0",
        "def model(x, w, b): return x * scale",
        "def make_loader(*_): return 3",
        "def fit(*_): return bar(3)",
    )
    assert called(notebook, "mse", 5, 3) == 2
    assert called(notebook, "make_loader", module="with_torch") == 3
    failed = called(notebook, "fit", module="with_torch")
    assert isinstance(failed, Raised)
    assert (failed.stage, failed.type_name) == ("call", "ModuleNotFoundError")
    assert notebook.line_of(failed.where[-1]) == "cell 6, line 1:  def fit(*_): return bar(3)"
    assert isinstance(notebook.error, ModuleNotFoundError)
    failed = called(notebook, "model", 1, 2, 3)
    assert isinstance(failed, Raised)
    assert notebook.line_of(failed.where[-1]) == "cell 3, line 1:  scale = 1 / 0"
    assert called(notebook, "mse", 5, 3) == 2
    assert isinstance(called(notebook, "train"), Raised)


def test_each_exercise_keeps_its_own_state_between_calls(saved):
    notebook = saved(
        "%%writefile from_scratch.py\ncalls = []\ndef mse(a, b):\n    calls.append(a)\n    return len(calls)\n"
        "def model(x, w, b):\n    return mse(x, w)",
        "%%writefile with_torch.py\ndef fit(*_):\n    from from_scratch import mse\n    return mse(0, 0)",
    )
    for time in (1, 2, 3):
        assert called(notebook, "mse", 5, 3) == time
        assert called(notebook, "model", 1, 2, 3) == time
        assert called(notebook, "fit", module="with_torch") == time
