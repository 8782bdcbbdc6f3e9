"""`grader audit --causes` measures how often the cause is found of a mistake that nobody foresaw."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from grader.audit.causes_found import _changed

pytestmark = pytest.mark.slow


def test_it_counts_causes_and_lines_of_mutants_and_of_mistakes(kit: Callable[..., Any]) -> None:
    run = kit("audit", "--causes", 3, "--only", "model")
    assert run.code == 0, run.text
    mutants, mistakes = re.findall(
        r"^model +(\d+) +(\d+) \(\d+%\) +(?:(\d+) +(\d+))? +[\d.]+$", run.stdout, re.MULTILINE
    )
    tried, caused, on_line, elsewhere = map(int, mutants)
    assert tried == 3 >= caused >= on_line + elsewhere
    assert on_line >= 2
    assert int(mistakes[0]) == 3 >= int(mistakes[1]) >= 1
    assert re.search(r"^model.*\nmutants, without the bank", run.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("after", "lines"),
    [("a\nB\nc", {2}), ("a\nb\nnew\nc", {3}), ("a\nc", {1, 2}), ("a\nb\nc", set())],
)
def test_the_lines_of_a_change_are_those_that_differ_or_stand_beside_what_is_gone(after: str, lines: set[int]) -> None:
    assert _changed("a\nb\nc", after) == lines
