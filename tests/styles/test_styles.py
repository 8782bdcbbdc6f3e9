"""Right code passes, whatever its style; wrong code fails, in its own exercise and those that need it only.

The bank of the lesson: `right/<exercise>/*.py` are right answers in many styles, `mistakes/<exercise>/*.py` mistakes; each
file holds one exercise's function and says in its first line what is special about it. All are graded by the real
grader; the right ones also go through the learner's self-check.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

LESSON = Path(__file__).parent.parent.parent / "solutions" / "linear_regression"
# train first: a variant of it may bring functions of its own, which the others then replace.
MODULE_OF = {
    "train": "from_scratch",
    "to_tensors": "from_scratch",
    "model": "from_scratch",
    "mse": "from_scratch",
    "gradient_step": "from_scratch",
    "make_loader": "with_torch",
    "fit": "with_torch",
    "predict": "with_torch",
}
RIGHT = {exercise: sorted((LESSON / "right" / exercise).glob("*.py")) for exercise in MODULE_OF}
WRONG = [path for exercise in MODULE_OF for path in sorted((LESSON / "mistakes" / exercise).glob("*.py"))]


def combined() -> Iterator[dict[str, Path]]:
    """Every right variant at least once: the first of each exercise together, the second of each, and so on."""
    for row in zip_longest(*RIGHT.values()):
        yield {name: path for name, path in zip(RIGHT, row, strict=True) if path}


COMBINED = list(combined())


def extend(folder: Path, variants: dict[str, Path]) -> None:
    for name, path in variants.items():
        with (folder / f"{MODULE_OF[name]}.py").open("a", encoding="utf-8") as module:
            module.write("\n\n" + path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path], kit: Callable[..., Any]) -> Any:
    folder = tmp_path_factory.mktemp("styles")
    for number, variants in enumerate(COMBINED):
        extend(submit(folder / "in", f"right-{number}"), variants)
    for path in WRONG:
        extend(submit(folder / "in", name_of(path)), {path.parent.name: path})
    return kit("grade", folder / "in", out=folder / "out")


@pytest.mark.parametrize("number", range(len(COMBINED)))
def test_right_code_earns_every_point_whatever_its_style(run: Any, number: int) -> None:
    assert run.code == 0, run.text
    record = run.results[f"right-{number}"]
    wrong = {
        name: (each["status"], each["feedback"], str(COMBINED[number].get(name)))
        for name, each in record["exercises"].items()
        if each["status"] != "passed"
    }
    assert not wrong
    assert record["score"] == 30


@pytest.mark.parametrize("path", WRONG, ids=name_of)
def test_wrong_code_loses_points_and_is_told_why(run: Any, path: Path) -> None:
    exercise = path.parent.name
    mine = run.results[name_of(path)]["exercises"][exercise]
    assert mine["status"] in ("failed", "partial", "timed_out"), path.read_text()
    assert mine["score"] < mine["max_score"]
    assert "AssertionError" not in mine["feedback"]
    assert len(mine["feedback"].splitlines()) >= 2


@pytest.mark.parametrize("path", WRONG, ids=name_of)
def test_wrong_code_costs_only_its_own_exercise_and_those_that_need_it(run: Any, path: Path) -> None:
    exercise = path.parent.name
    statuses = {name: each["status"] for name, each in run.results[name_of(path)]["exercises"].items()}
    del statuses[exercise]
    if exercise in ("model", "mse", "gradient_step"):
        assert statuses.pop("train") in ("passed", "blocked")
    if exercise == "train":  # its file may bring helpers named like other exercises; they are right
        assert statuses.pop("model") == statuses.pop("mse") == statuses.pop("gradient_step") == "passed"
    assert set(statuses.values()) == {"passed"}


@pytest.mark.parametrize("number", range(len(COMBINED)))
def test_right_code_passes_the_self_check_too(root: Path, number: int, tmp_path: Path) -> None:
    shutil.copytree(root / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "course.toml", tmp_path)
    lesson = tmp_path / "exercises" / "linear_regression"
    for module in ("from_scratch", "with_torch"):
        source = (root / "solutions" / "linear_regression" / f"{module}.py").read_text(encoding="utf-8")
        lines = [line for line in source.splitlines(keepends=True) if "### " not in line]
        (lesson / f"{module}.py").write_text("".join(lines), encoding="utf-8")
    extend(lesson, COMBINED[number])
    command = [sys.executable, "-m", "pytest", "exercises"]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + str(COMBINED[number])
    assert "30 of 30 points" in done.stdout
