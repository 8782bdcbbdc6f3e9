"""How far a grading is: who is being graded, how many had mistakes or could not be graded, and the time that is left."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.cli.graded_entries import show_progress
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


def time_left(monkeypatch: pytest.MonkeyPatch, *at: float, total: int, now: float) -> str:
    """What is shown at `now` of a grading whose results came at these times."""
    clock = [0.0]
    monkeypatch.setattr("rich.console.monotonic", lambda: clock[0])
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)

    def results() -> Iterator[Graded]:
        for number in range(total):
            clock[0] = at[number] if number < len(at) else now
            yield graded(f"learner{number}", 2)

    running: Any = show_progress(results(), total, console, lambda: ["eve"])
    for _ in range(len(at) + 1):
        next(running)
    page = Console(file=io.StringIO(), width=100, color_system=None)
    with page.capture() as capture:
        page.print(running.gi_frame.f_locals["progress"].get_renderable())
    running.close()
    found = re.search(r"(\S+) left", capture.get())
    assert found, capture.get()
    return found[1]


def test_the_time_left_goes_by_all_of_the_run_but_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert time_left(monkeypatch, 50, 51, 52, 53, total=104, now=53) == "01:40"
    assert time_left(monkeypatch, 50, 51, 52, 53, total=10_004, now=53) == "2:46:40"
    assert time_left(monkeypatch, 50, total=104, now=60) == "--:--"


def test_the_time_left_grows_while_an_endless_loop_holds_everything_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert time_left(monkeypatch, 50, 51, 52, 53, total=104, now=70) == "11:07"


def test_one_loop_of_long_ago_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [0, 1000, *range(1001, 2501)]
    assert time_left(monkeypatch, *steps, total=3002, now=2500) == "41:38"


def test_in_a_narrow_terminal_names_give_way_before_how_far_it_is() -> None:
    names = ["learner4711.with-a-long-surname", "learner4712.with-another-one"]
    line = shown(*[graded(f"learner{number}", 1) for number in range(3000)], at_work=names, width=66)
    for whole in ("3000/3001", " left ", "3000 with mistakes", "now learner4711"):
        assert whole in line


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
