"""Right code passes, whatever its style; wrong code fails, and is told why. All of the lesson's bank, for real.

The bank's right answers and mistakes (`solutions/linear_regression/right` and `mistakes`) are graded by the real grader.
A submission holds one of each exercise, as far as one doesn't get in the way of another; that a mistake costs only its
own exercise is shown by the audit, and that the self-check says the same by `tests/selfcheck/test_styles.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.lesson_points import TOTAL

pytestmark = pytest.mark.soak

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
# `train` needs these, so a mistake of its own is looked at where they are right.
NEEDED = ("model", "mse", "gradient_step")


def files(kind: str, exercise: str) -> list[Path]:
    return sorted((LESSON / kind / exercise).glob("*.py"))


def rows(kind: str, exercises: Sequence[str]) -> list[dict[str, Path]]:
    """The first of each exercise together, the second of each, and so on."""
    columns = zip_longest(*(files(kind, exercise) for exercise in exercises))
    return [{name: path for name, path in zip(exercises, row, strict=True) if path} for row in columns]


RIGHT = rows("right", list(MODULE_OF))
WRONG = rows("mistakes", NEEDED) + rows("mistakes", [name for name in MODULE_OF if name not in NEEDED])
MISTAKES = [(number, exercise) for number, row in enumerate(WRONG) for exercise in row]


def extend(folder: Path, variants: dict[str, Path]) -> None:
    for name, path in variants.items():
        with (folder / f"{MODULE_OF[name]}.py").open("a", encoding="utf-8") as module:
            module.write("\n\n" + path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path], kit: Callable[..., Any]) -> Any:
    folder = tmp_path_factory.mktemp("styles")
    for kind, table in (("right", RIGHT), ("wrong", WRONG)):
        for number, variants in enumerate(table):
            extend(submit(folder / "in", f"{kind}-{number}"), variants)
    return kit("grade", folder / "in", out=folder / "out")


def test_right_code_earns_every_point_whatever_its_style(run: Any) -> None:
    assert run.code == 0, run.text
    records = {number: run.results[f"right-{number}"] for number in range(len(RIGHT))}
    assert [
        (each["status"], each["feedback"], str(RIGHT[number].get(name)))
        for number, record in records.items()
        for name, each in record["exercises"].items()
        if each["status"] != "passed"
    ] == []
    assert {record["score"] for record in records.values()} == {TOTAL}


def test_wrong_code_loses_points_and_is_told_why(run: Any) -> None:
    wrongly = []
    for number, exercise in MISTAKES:
        path = WRONG[number][exercise]
        mine = run.results[f"wrong-{number}"]["exercises"][exercise]
        is_told = "AssertionError" not in mine["feedback"] and len(mine["feedback"].splitlines()) >= 2
        is_named = mine["misconception"] in (None, path.stem.split("__")[0])
        loses = mine["status"] in ("failed", "partial", "timed_out") and mine["score"] < mine["max_score"]
        if not (loses and is_told and is_named):
            wrongly.append((str(path), mine))
    assert wrongly == []


def test_nearly_all_of_it_is_named_and_nothing_wrongly(run: Any) -> None:
    named = [
        run.results[f"wrong-{number}"]["exercises"][exercise]["misconception"]
        == WRONG[number][exercise].stem.split("__")[0]
        for number, exercise in MISTAKES
    ]
    assert sum(named) >= 0.95 * len(named)
