"""Exercises may be classes: released, checked at home and graded like functions, with no line of grader/ for them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lesson.class_lesson import FILES, RIGHT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(root: Path, tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Path:
    folder = tmp_path_factory.mktemp("classes") / "course"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for name in ("conftest.py", "pytest.ini"):
        shutil.copy(root / "exercises" / name, folder / "exercises" / name)
    released = kit("stubs", cwd=folder)
    assert released.code == 0, released
    return folder


WRONG = {
    "right": ("", ""),
    "stubs": ("stubs", ""),
    "unregistered": ("self.linear = nn.Linear(features, classes)", "self.layers = [nn.Linear(features, classes)]"),
    "other_name": ("self.linear", "self.lin"),
    "other_shape": ("nn.Linear(features, classes)", "nn.Linear(features, classes + 1)"),
    "not_flat": ("images.reshape(images.shape[0], -1)", "images"),
    "detached": ("return self.linear(flat)", "return self.linear(flat).detach()"),
    "no_super": ("        super().__init__()\n", ""),
    "raises": ('"""Make the layer."""', '"""Make the layer."""\n        raise ValueError("not me")'),
    "two_more": ("return len(self.inputs)", "return len(self.inputs) + 2"),
    "only_inputs": ("return self.inputs[index], self.targets[index]", "return self.inputs[index]"),
    "own_mean": ("(x - self.mean) / self.spread", "(x - x.mean(dim=0)) / self.spread"),
    "keeps_first": ("self.mean = x.mean(dim=0)", "self.mean = getattr(self, 'mean', x.mean(dim=0))"),
    "no_step": ("    opt.step()\n", ""),
    "half_written": (
        "        return len(self.inputs)",
        '        raise NotImplementedError("Rows.__len__ is still to do")',
    ),
    "no_method": ("def apply(", "def transform("),
}


RIGHT_SCORES = {"net": 4, "rows": 2, "scaler": 3, "descend": 1}


@pytest.fixture(scope="module")
def results(course: Path, kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The exercises of each submission by id."""
    place = tmp_path_factory.mktemp("handed")
    for name, (old, new) in WRONG.items():
        text = (course / "exercises/objects/objects.py").read_text() if old == "stubs" else RIGHT
        assert old == "stubs" or old in text
        (place / "in" / name).mkdir(parents=True)
        (place / "in" / name / "objects.py").write_text(text if old in ("", "stubs") else text.replace(old, new))
    (place / "in" / "notebook").mkdir()
    cells = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in RIGHT.split("\n\n\n")]
    (place / "in" / "notebook" / "lesson.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}))
    (place / "in" / "broken_elsewhere").mkdir()
    broken = RIGHT.replace("class Scaler:\n", "class Scaler:\n    1 / 0\n")
    (place / "in" / "broken_elsewhere" / "objects.py").write_text(broken)
    graded = kit("grade", place / "in", cwd=course, out=place / "out")
    assert graded.code == 0, graded.text[-3000:]
    lines = (place / "out" / "results.jsonl").read_text().splitlines()
    return {row["student"]: row["exercises"] for row in map(json.loads, lines)}


def test_the_stubs_keep_what_is_given_and_say_what_is_to_do(course: Path) -> None:
    text = (course / "exercises/objects/objects.py").read_text()
    assert "        super().__init__()\n        # TODO" in text
    assert 'raise NotImplementedError("Net.forward is still to do")' in text
    assert "self.inputs, self.targets = inputs, targets" in text
    for secret in ("nn.Linear(", "len(self.inputs)", "sqrt()", "opt.step()"):
        assert secret not in text


def test_a_right_one_has_all_points_and_the_stubs_have_none(results: dict[str, Any]) -> None:
    assert {id: each["score"] for id, each in results["right"].items()} == RIGHT_SCORES
    assert {each["status"] for each in results["stubs"].values()} == {"todo"}


def test_what_is_run_alone_has_the_classes_that_it_needs(results: dict[str, Any]) -> None:
    assert {id: each["score"] for id, each in results["notebook"].items()} == RIGHT_SCORES
    assert {id: each["score"] for id, each in results["broken_elsewhere"].items()} == {**RIGHT_SCORES, "scaler": 0}


@pytest.mark.parametrize(
    ("student", "exercise", "score", "said"),
    [
        ("unregistered", "net", 0, "The model has no parameter or buffer linear.weight."),
        ("other_name", "net", 0, "has       lin.weight (3, 6), lin.bias (3,)"),
        ("other_shape", "net", 0, "linear.weight of the model should have the shape (3, 6), but it has (4, 6)."),
        ("not_flat", "net", 1, ""),
        ("detached", "net", 3, ""),
        ("no_super", "net", 0, ""),
        ("raises", "net", 0, "ValueError: not me"),
        ("two_more", "rows", 1, "The result should be"),
        ("only_inputs", "rows", 1, ""),
        ("own_mean", "scaler", 0, ""),
        ("keeps_first", "scaler", 2, ""),
        ("no_step", "descend", 0, ""),
        ("no_method", "scaler", 0, "has no attribute 'apply'"),
    ],
)
def test_a_wrong_one_loses_points_where_it_is_wrong_and_is_told(
    results: dict[str, Any], student: str, exercise: str, score: float, said: str
) -> None:
    found = results[student]
    assert found[exercise]["score"] == score, found[exercise]
    assert said in json.dumps(found[exercise]["feedback"] if said else "", ensure_ascii=False)
    right = {"net", "rows", "scaler"} - {exercise}
    assert all(found[id]["status"] == "passed" for id in right), found


def test_at_home_the_checks_say_the_same(course: Path, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(course, copy)

    def checked() -> str:
        command = [sys.executable, "-m", "pytest", "exercises"]
        return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False).stdout

    assert "net" in checked()
    (copy / "exercises/objects/objects.py").write_text(RIGHT.replace("self.linear", "self.lin"))
    said = " ".join(checked().split())
    assert "There is no parameter or buffer linear.weight" in said
    (copy / "exercises/objects/objects.py").write_text(RIGHT)
    assert "9 of 9 points" in checked()


def test_a_class_of_which_one_method_is_to_do_is_to_do(results: dict[str, Any]) -> None:
    rows = results["half_written"]["rows"]
    assert (rows["status"], rows["score"]) == ("todo", 0)
    assert "Rows.__len__ is still to do." in rows["feedback"]
