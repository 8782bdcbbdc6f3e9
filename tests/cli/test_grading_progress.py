"""How far a grading is: who is being graded, how many had mistakes or could not be graded, and the time that is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.cli.grading_progress import show_progress
from grader.core.records import ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.grading.batch import Batch
from grader.grading.collect import find_entries
from grader.grading.process import Graded, GradingPlan
from grader.sandbox.host.machine import Isolation


def graded(student: str, score: float, status: SubmissionStatus = SubmissionStatus.GRADED) -> Graded:
    kind = ExerciseStatus.PASSED if score == 2 else ExerciseStatus.FAILED
    if status is not SubmissionStatus.GRADED:
        kind = ExerciseStatus.NOT_FOUND
    return Graded(SubmissionResult(student, status, (ExerciseResult("double", kind, score, 2.0),)), "", 0.0)


def shown(*results: Graded, at_work: list[str], width: int = 100) -> str:
    """What the terminal shows just before the grading ends."""
    console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)
    running: Any = show_progress([*results, graded("last", 2)], len(results) + 1, console, lambda: at_work)
    for _ in range(len(results) + 1):
        next(running)
    bar: Any = running.gi_frame.f_locals["progress"]
    page = Console(file=io.StringIO(), width=width, color_system=None)
    with page.capture() as capture:
        page.print(bar.get_renderable())
    running.close()
    return capture.get()


def test_it_says_who_is_graded_and_how_many_failed() -> None:
    line = shown(graded("ada", 2), graded("bob", 1), graded("cyd", 0), at_work=["dan", "eve"])
    assert "3/4" in line
    assert "2 with mistakes" in line
    assert "not graded" not in line
    assert "now dan, eve" in line


def test_what_could_not_be_graded_is_counted_apart() -> None:
    line = shown(
        graded("ada", 0, SubmissionStatus.UNREADABLE), graded("bob", 0, SubmissionStatus.NOT_FOUND), at_work=[]
    )
    assert "2 not graded" in line
    assert "with mistakes" not in line


def test_many_at_work_are_counted_and_names_are_safe_to_show() -> None:
    line = shown(at_work=["a\x1b[31mda", "bob", "cyd", "dan"])
    assert "2 more" in line
    assert "\x1b[31m" not in line


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_narrow_terminal_has_one_line(width: int) -> None:
    line = shown(graded("ada", 1), graded("x" * 300, 2), at_work=["y" * 300, "bob"], width=width)
    assert len(line.rstrip("\n").split("\n")) == 1
    assert max(map(len, line.split("\n"))) <= width


@pytest.mark.slow
def test_those_under_way_were_given_out_and_have_no_result(
    tmp_path: Path, root: Path, submit: Callable[..., Path]
) -> None:
    from grader.course.load import load_course

    names = [f"learner{number}" for number in range(9)]
    for name in names:
        submit(tmp_path, name)
    plan = GradingPlan(root, load_course(root).assignments["linear_regression"], 1, "cpu", Isolation())
    batch = Batch(plan, 2)
    done: set[str] = set()
    for each in batch.run(find_entries(tmp_path).entries):
        done.add(each.result.student)
        under_way = batch.under_way()
        assert not done & set(under_way)
        assert under_way == [name for name in names if name not in done][:2]
    assert not batch.under_way()
