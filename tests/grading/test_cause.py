"""What an exercise failed of: `cause` in `results.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.checks.marks import CheckInfo
from grader.checks.scoring import CheckOutcome, said_once
from grader.core.assignment import find_assignment
from grader.core.records import Cause, CheckStatus, Effort, Excerpt, ExerciseResult, ExerciseStatus, Finding, Override
from grader.course.load import load_course
from grader.grading.behaviour import Compared
from grader.grading.causes import Causes
from grader.grading.class_answers import NotRight
from grader.grading.grade_one import Grader
from grader.grading.local_run import answers
from grader.grading.repair import Failed
from grader.grading.submission import Submission
from grader.reading.module_text import ModuleSource
from grader.reading.read import Reading
from grader.reading.source_facts import facts_of
from grader.results.store import ResultStore, snapshot
from grader.sandbox.protocol.messages import Call
from grader.sandbox.protocol.plain import Build
from tests.conftest import MODULES

RAISES = "def mse(t1, t2):\n    difference = t1 - t2\n    return difference.total()\n"
SUMS = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"
WRONG = "def mse(t1, t2):\n    return (t1 - t2).abs().sum() * 0.37\n"
ATTACHED = (
    "def predict(model, region):\n    row = torch.zeros(1, 3)\n    for at, number in enumerate(region):\n"
    "        row[0, at] = float(number)\n    row = row.detach()\n    answer = model(row)\n    return answer.reshape(-1)\n"
)
TODO = "def mse(t1, t2):\n    raise NotImplementedError\n"


def cell(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}


@pytest.fixture(scope="module")
def graded(
    tmp_path_factory: pytest.TempPathFactory, quick_course: Path, submit: Callable[..., Path], kit: Callable[..., Any]
) -> Any:
    """A run with each kind of cause."""
    folder = tmp_path_factory.mktemp("causes")
    for name, code in {"raises": RAISES, "sums": SUMS, "wrong": WRONG, "todo": TODO}.items():
        submit(folder / "in", name, mse=code)
    submit(folder / "in", "attached", predict=ATTACHED)
    cells = [cell("import torch"), {"cell_type": "markdown", "source": "text", "metadata": {}}, cell(RAISES)]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "in" / "cells.ipynb").write_text(json.dumps(notebook))
    run = kit("--course", quick_course, "grade", folder / "in", "--seed", 3, out=folder / "out")
    assert run.code == 0, run.text
    return run


@pytest.fixture(scope="module")
def causes(graded: Any) -> dict[str, dict[str, Any]]:
    """The cause of each exercise, by student."""
    return {
        student: {name: each["cause"] for name, each in result["exercises"].items()}
        for student, result in graded.results.items()
    }


@pytest.fixture
def store(graded: Any) -> Iterator[ResultStore]:
    with snapshot(graded.out) as found:
        yield found


def line_of(source: str, words: str) -> int:
    return next(number for number, line in enumerate(source.split("\n"), start=1) if words in line)


def test_an_exception_has_its_line(
    causes: dict[str, dict[str, Any]], submit: Callable[..., Path], tmp_path: Path
) -> None:
    text = (submit(tmp_path, "again", mse=RAISES) / "from_scratch.py").read_text()
    cause = causes["raises"]["mse"]
    assert (cause["by"], cause["module"]) == ("exception", "from_scratch")
    assert cause["line"] == line_of(text, "difference.total()")
    assert "total" in cause["says"]
    assert "cell" not in cause


def test_in_a_notebook_the_line_is_that_of_its_cell(causes: dict[str, dict[str, Any]]) -> None:
    cause = causes["cells"]["mse"]
    assert (cause["by"], cause["cell"], cause["line"]) == ("exception", 3, 3)


def test_a_misconception_says_what_the_learner_reads_and_where_it_is(
    causes: dict[str, dict[str, Any]], submit: Callable[..., Path], tmp_path: Path
) -> None:
    text = (submit(tmp_path, "again", mse=SUMS) / "from_scratch.py").read_text()
    cause = causes["sums"]["mse"]
    assert (cause["by"], cause["module"], cause["line"]) == ("bank", "from_scratch", line_of(text, ".sum()"))
    assert "sum" in cause["says"]


@pytest.mark.parametrize(("student", "code"), [("raises", RAISES), ("sums", SUMS), ("cells", RAISES)])
def test_the_lines_around_it_are_kept_and_are_on_the_learners_page(
    graded: Any, store: ResultStore, student: str, code: str
) -> None:
    result = store.result(student)
    assert result is not None
    (exercise,) = [each for each in result.exercises if each.id == "mse"]
    lines = tuple(code.splitlines())
    assert exercise.cause is not None
    assert exercise.cause.line is not None
    assert exercise.around == Excerpt(exercise.cause.line - lines.index(lines[-1]), lines)
    page = (graded.out / "feedback" / f"{student}.txt").read_text()
    assert f"\n                 > {exercise.cause.line}  {lines[-1]}\n".replace(" ", "") in page.replace(" ", "")
    assert ("In cell 3:" in page) == (student == "cells")
    assert [each.id for each in result.exercises if each.around] == ["mse"]


def test_what_was_graded_is_kept_and_what_it_took(graded: Any, store: ResultStore) -> None:
    for student in store.students():
        found, result = store.sources(student), store.result(student)
        assert result is not None
        if student != "cells":
            for each in found:
                text = "".join(f"{line}\n" for *_, line in each.lines)
                assert text == (graded.out.parent / "in" / student / f"{each.module}.py").read_text()
        assert [each.module for each in found] == [*MODULES][: len(found)]
        efforts = [each.effort for each in result.exercises if each.status is not ExerciseStatus.NOT_FOUND]
        assert all(effort and 0 <= effort.seconds < 3 and 0 <= effort.of_limit <= 1 for effort in efforts), efforts
        assert any(effort and effort.seconds > 0 for effort in efforts)


@pytest.mark.parametrize(
    ("is_out", "cause", "noted"), [(True, None, True), (False, None, False), (True, "bank", False)]
)
def test_a_search_that_is_ended_by_time_and_found_nothing_is_noted(
    root: Path, monkeypatch: pytest.MonkeyPatch, is_out: bool, cause: Any, noted: bool
) -> None:
    class EndedByTime(Causes):
        def __init__(self, *_: object) -> None:
            self._session = SimpleNamespace(is_out_of_time=is_out, close=lambda: None)  # type: ignore[assignment]
            self.is_broken, self.fault = False, ""

        def _compare(self, *_: object) -> None:
            pass

        def _told(self, result: ExerciseResult, *_: object) -> ExerciseResult:
            return replace(result, cause=Cause(cause, "m", 3, "It is.") if cause else None)

    monkeypatch.setattr("grader.grading.grade_one.Causes", EndedByTime)
    assignment = find_assignment(load_course(root), None)
    diagnosis = SimpleNamespace(reference=dict.fromkeys(assignment.modules, ""))
    grader = Grader(assignment, None, None, 1, "cpu", diagnosis)  # type: ignore[arg-type]
    exercise = assignment.exercises["mse"]
    first = CheckOutcome("one", CheckInfo("mse", 1.0, 0.0, "gives numbers"), CheckStatus.FAILED)
    grader._failed["mse"], grader._not_right["mse"] = Failed(exercise, {}, first, ()), NotRight(exercise, {})
    results = {"mse": ExerciseResult("mse", ExerciseStatus.FAILED, 0.0, 4.0, effort=Effort(1.5, 0.3))}
    grader._find_causes(Submission("ada", Reading({}, {}), {}, ""), results)
    assert grader.fault == ""
    assert results["mse"].effort == Effort(1.5, 0.3, search_cut=noted)


def test_what_a_whole_module_fails_of_is_told_once() -> None:
    cause = Cause("exception", "m", 3, "m.py can't be imported.")
    both = {
        name: ExerciseResult(name, ExerciseStatus.FAILED, 0.0, 1.0, finding=Finding(cause.says), cause=cause)
        for name in ("one", "two")
    }
    told = said_once(both, {"one": "m", "two": "m"})
    assert [result.cause for result in told.values()] == [cause, None]


def test_full_points_that_a_person_set_leave_no_cause() -> None:
    cause, around = Cause("exception", "m", 3, "It stops."), Excerpt(3, ("1 / 0",))
    failed = ExerciseResult(
        "one", ExerciseStatus.FAILED, 0.0, 2.0, finding=Finding("It stops."), cause=cause, around=around
    )
    for points, left in ((2.0, (None, None)), (1.0, (cause, around))):
        found = failed.overruled(Override(points, "Fine.", "helena", "2026-11-29T12:00:00+00:00", 0.0))
        assert (found.cause, found.around) == left


@pytest.mark.parametrize("student", ["wrong", "todo"])
def test_where_the_cause_is_not_known_there_is_none(causes: dict[str, dict[str, Any]], student: str) -> None:
    assert causes[student]["mse"] is None


def test_a_mistake_is_told_where_it_was_made(causes: dict[str, dict[str, Any]]) -> None:
    for student in ("raises", "sums"):
        assert [name for name, cause in causes[student].items() if cause] == ["mse"], student


def test_what_may_begin_on_any_line_gives_a_misconception_none(causes: dict[str, dict[str, Any]]) -> None:
    """`with torch.no_grad()` around all of it would do, as it would from any line on."""
    found = causes["attached"]["predict"]
    assert (found["by"], found["line"]) == ("bank", None)


DIGITS = """class Digits:
    def __init__(self, images, labels):
        self.images = images

    def __len__(self):
        return {}

    def first(self):
        return self.images[0]
"""


@pytest.mark.parametrize(("method", "words"), [("__len__", "return 7"), ("first", "return self.images[0]")])
def test_what_a_method_gives_wrong_is_told_on_the_line_where_that_method_gives_it(
    root: Path, method: str, words: str
) -> None:
    """Here both give the same, whatever the object holds."""
    assignment = find_assignment(load_course(root), "digits")
    exercise, source = assignment.exercises["dataset"], ModuleSource("with_torch", DIGITS.format(7))
    calls = [
        Call("with_torch", f"Digits.{method}", (Build("with_torch:Digits", (images, images)),))
        for images in ([5, 1], [5, 2, 3], [5])
    ]
    right = DIGITS.format("len(self.images)").replace("[0]", "[-1]")
    both = zip(calls, *(answers(calls, {"with_torch": text}) for text in (source.text, right)), strict=True)
    compared = tuple(Compared(call, got[0], wanted[0], {"value"}) for call, got, wanted in both)
    facts = {"dataset": facts_of(source, "Digits", (), True)}
    submission = Submission("ada", Reading({"with_torch": source}, {}), facts, "")
    known: Any = SimpleNamespace(assignment=assignment, checks=None, zygote=SimpleNamespace(lacking=lambda _: {}))
    known.diagnosis = SimpleNamespace(reference_seconds=None)
    first = CheckOutcome("one", CheckInfo("dataset", 1.0, 0.0, "is right"), CheckStatus.FAILED)
    failed = Failed(exercise, {"with_torch": source}, first, (), compared=compared)
    wrong = ExerciseResult("dataset", ExerciseStatus.FAILED, 0.0, 3.0, finding=Finding("It is wrong."))
    with Causes(known, submission, 3) as causes:
        cause = causes._behaving(wrong, failed, ())[0].cause
    assert cause is not None
    assert cause.says == f"Digits.{method} returns the same, whatever it is given."
    assert cause.line == line_of(source.text, words)
