"""A second lesson needs a folder in exercises/, one in solutions/ and a table in course.toml, and no line of grader/.

The course here is made of nothing but those: it is released, self-checked and graded.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

COURSE = """
[course]
id = "second"
name = "A course of one lesson"

[assignments.statistics]
title = "Small statistics"
modules.from_scratch.title = "From scratch"

[assignments.statistics.exercises.centre]
module = "from_scratch"
title = "The centre of some numbers"
points = 3
hints = ["What is in the middle?", "Add them up and divide.", "Take the mean over the first dimension."]

[assignments.statistics.exercises.spread]
module = "from_scratch"
title = "How far they spread"
points = 2
needs = ["centre"]
hints = ["How far are they from the centre?"]
"""
SOLUTION = '''"""Small statistics."""

import torch


def centre(x):
    """The mean of the rows of x (n, d): a tensor (d,)."""
    ### BEGIN SOLUTION
    return torch.sum(x, dim=0) / x.shape[0]
    ### END SOLUTION


def spread(x):
    """The mean squared distance of the rows of x (n, d) from their centre: a tensor (d,)."""
    ### BEGIN SOLUTION
    return ((x - centre(x)) ** 2).mean(dim=0)
    ### END SOLUTION
'''
HIDDEN = '''
from grader.checks import check
from solutions.statistics.from_scratch import centre, spread


@check("centre")
def test_centre(student, draw):
    """is the mean of the rows"""
    x = draw.tensor(5, 2)
    student.centre(x).returns(centre(x))


@check("spread")
def test_spread(student, draw):
    """is the mean distance from the centre"""
    x = draw.tensor(6, 3)
    student.spread(x).returns(spread(x))
'''
VISIBLE = '''
import torch

from grader.checks import check


@check("centre")
def test_two_rows(student):
    """is half way between two rows"""
    student.centre(torch.tensor([[1.0, 2.0], [3.0, 6.0]])).returns(torch.tensor([2.0, 4.0]))


@check("spread")
def test_spread_of_two_rows(student):
    """is how far two rows are from their middle"""
    student.spread(torch.tensor([[1.0, 2.0], [3.0, 6.0]])).returns(torch.tensor([1.0, 4.0]))
'''


@pytest.fixture(scope="module")
def course(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second") / "course"
    for path, text in {
        "course.toml": COURSE,
        "solutions/statistics/from_scratch.py": SOLUTION,
        "solutions/statistics/hidden/test_statistics.py": HIDDEN,
        "exercises/statistics/checks/test_statistics.py": VISIBLE,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for name in ("conftest.py", "pytest.ini"):
        shutil.copy(root / "exercises" / name, folder / "exercises" / name)
    return folder


@pytest.fixture(scope="module")
def released(course: Path, kit: Callable[..., Any]) -> Path:
    assert kit("stubs", cwd=course).code == 0
    return course


def self_check(course: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "exercises", *more]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, encoding="utf-8", check=False)


def test_it_is_released_without_its_solution(released: Path, kit: Callable[..., Any]) -> None:
    stub = (released / "exercises/statistics/from_scratch.py").read_text()
    assert "raise NotImplementedError" in stub
    assert "torch.sum" not in stub
    assert kit("stubs", "--check", cwd=released).code == 0
    assert kit("course", cwd=released).code == 0


def test_its_stubs_are_to_do_and_its_solution_is_done_in_the_self_check(released: Path, tmp_path: Path) -> None:
    stubs = self_check(released)
    assert stubs.returncode == 0, stubs.stdout + stubs.stderr
    assert "0 of 5 points" in stubs.stdout
    solved = tmp_path / "solved"
    shutil.copytree(released, solved)
    lines = [line for line in SOLUTION.splitlines(keepends=True) if "###" not in line]
    (solved / "exercises/statistics/from_scratch.py").write_text("".join(lines))
    done = self_check(solved)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 of 5 points" in done.stdout


def test_it_is_graded(released: Path, kit: Callable[..., Any], tmp_path: Path) -> None:
    right = "".join(line for line in SOLUTION.splitlines(keepends=True) if "###" not in line)
    for student, text in {
        "right": right,
        "stub": (released / "exercises/statistics/from_scratch.py").read_text(),
        "wrong": right.replace("/ x.shape[0]", "/ x.shape[1]"),
    }.items():
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "from_scratch.py").write_text(text)
    run = kit("grade", tmp_path / "in", out=tmp_path / "out", cwd=released)
    assert run.code == 0, run.text
    assert {student: record["score"] for student, record in run.results.items()} == {"right": 5, "stub": 0, "wrong": 0}
    statuses = {name: each["status"] for name, each in run.results["wrong"]["exercises"].items()}
    assert statuses == {"centre": "failed", "spread": "blocked"}
