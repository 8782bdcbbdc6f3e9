"""Causes that are left for later, and come with the next run as if they had been there at once."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.grading.test_repair import WRONG, slug

pytestmark = pytest.mark.slow

TWO = ("divides by one less", "ten percent")
WITHOUT_BANK = (
    "\ndef model(x, w, b):\n    products = x @ w.t()\n    return products\n"  # a misconception, without a line
)
LEFT = "Causes were left for later in 3 submissions: --resume without --no-causes adds them."
Batches = tuple[Path, Any, Any]


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path], kit: Callable[..., Any]) -> Batches:
    """A class, graded at once and graded without causes."""
    folder = tmp_path_factory.mktemp("later")
    for name in TWO:
        exercise, code, _ = WRONG[name]
        submit(folder / "in", slug(name), **{exercise: code})
    submit(folder / "in", "named", model=WITHOUT_BANK)
    submit(folder / "in", "right")
    once = kit("grade", folder / "in", "--seed", 7, "--jobs", 1, out=folder / "once")
    without = kit("grade", folder / "in", "--seed", 7, "--jobs", 1, "--no-causes", out=folder / "without")
    assert [once.code, without.code] == [0, 0], once.text + without.text
    return folder / "in", once, without


@pytest.fixture
def later(batches: Batches, tmp_path: Path) -> Path:
    """A copy of what was graded without causes, to go on with."""
    shutil.copytree(batches[2].out, tmp_path / "out")
    return tmp_path / "out"


def causes(run: Any) -> Iterator[dict[str, Any]]:
    for result in run.results.values():
        yield from (each["cause"] for each in result["exercises"].values() if each["cause"])


def seconds(out: Path) -> dict[str, float]:
    """What each grading took, which no two gradings have in common."""
    with closing(sqlite3.connect(out / "results.db")) as database:
        return dict(database.execute("SELECT student, seconds FROM submissions"))


def test_without_causes_the_verdicts_are_the_same_and_repair_finds_none(batches: Batches) -> None:
    _, once, without = batches
    assert {each["by"] for each in causes(once)} == {"repair", "bank"}
    assert {each["by"] for each in causes(without)} == {"bank", "behaviour"}
    for student, result in once.results.items():
        other = without.results[student]
        assert (result["status"], result["score"]) == (other["status"], other["score"])
        for name, exercise in result["exercises"].items():
            same = ("status", "score", "misconception", "checks")
            assert {key: exercise[key] for key in same} == {key: other["exercises"][name][key] for key in same}
    assert LEFT in without.stdout
    assert "left for later" not in once.stdout


def test_the_next_run_adds_them_and_then_all_is_as_if_graded_at_once_but_for_what_a_person_decided(
    batches: Batches, later: Path, kit: Callable[..., Any]
) -> None:
    folder, once, _ = batches
    student = slug(TWO[0])
    kit("override", "set", student, "mse", 1.5, "--reason", "Nearly.", "--by", "helena", out=later)
    before = seconds(later)
    run = kit("grade", folder, "--resume", "--jobs", 1, out=later)
    assert run.code == 0, run.text
    assert "4 of 4 submissions have a result already." in run.stdout
    assert "Graded again, for causes that were left for later: 3 submissions." in run.stdout
    changed = {who for who, took in seconds(later).items() if took != before[who]}
    assert changed == {*map(slug, TWO), "named"}

    result = run.results[student]
    assert (result["exercises"]["mse"]["score"], result["overrides"]["mse"]["by"]) == (1.5, "helena")
    assert result["exercises"]["mse"]["cause"] == once.results[student]["exercises"]["mse"]["cause"]
    lines = [(each.out / "results.jsonl").read_bytes().splitlines() for each in (once, run)]
    assert [json.loads(line)["student"] for line, now in zip(*lines, strict=True) if line != now] == [student]

    kit("override", "set", student, "mse", "--undo", "--by", "helena", out=later)
    assert (later / "results.jsonl").read_bytes() == (once.out / "results.jsonl").read_bytes()
    after = seconds(later)
    again = kit("grade", folder, "--resume", "--jobs", 1, out=later)
    assert "Graded again" not in again.stdout
    assert seconds(later) == after


def test_a_run_that_leaves_them_as_well_grades_nobody_again(
    batches: Batches, later: Path, kit: Callable[..., Any]
) -> None:
    folder, _, without = batches
    before = seconds(later)
    run = kit("grade", folder, "--resume", "--no-causes", "--jobs", 1, out=later)
    assert run.code == 0, run.text
    assert seconds(later) == before
    assert (later / "results.jsonl").read_bytes() == (without.out / "results.jsonl").read_bytes()
    assert LEFT in run.stdout
