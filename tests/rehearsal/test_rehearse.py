"""A rehearsal judges as a grading does, in this process, and leaves nothing behind in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.audit.equivalents import answer_difference
from grader.checks.student import derive
from grader.core.records import CheckStatus, ExerciseStatus
from grader.course.load import load_course
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.grading.local_run import LocalRun, answers, implemented, run_locally
from grader.reading.name_resolution import forbidden_uses

pytestmark = pytest.mark.slow

HALF = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).mean() / 2\n"


class Rehearsals:
    """Rehearsals of the lesson's exercises with one function replaced, all in one session of pytest."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.assignment = load_course(root).assignments["linear_regression"]
        solutions = root / "solutions" / self.assignment.id
        self.reference = {name: (solutions / f"{name}.py").read_text() for name in self.assignment.modules}

    def run(self, exercise: str, *sources: str, **more: Any) -> list[LocalRun]:
        """One rehearsal of `exercise` for each source, with what it defines in place of the reference's."""
        wanted = self.assignment.exercises[exercise]
        found: list[LocalRun] = []

        def body(checks: CollectedChecks) -> None:
            for source in sources:
                texts = implemented(self.reference, wanted.module, source)
                seed = derive(1, exercise)
                given = {"find_uses": forbidden_uses, **more}
                found.append(run_locally(checks, self.assignment, wanted, texts, seed, **given))

        run_hidden(self.root, self.assignment, body)
        return found


@pytest.fixture(scope="module")
def rehearsals(root: Path) -> Rehearsals:
    return Rehearsals(root)


def test_the_reference_passes_and_a_mistake_fails_with_the_checks_that_find_it(rehearsals: Rehearsals) -> None:
    right, wrong = rehearsals.run("mse", "", HALF)
    assert (right.result.status, right.result.score) == (ExerciseStatus.PASSED, 4)
    assert (wrong.result.status, wrong.result.score) == (ExerciseStatus.FAILED, 0)
    assert [outcome.id for outcome in wrong.outcomes if outcome.status is not CheckStatus.PASSED] == [
        "test_values",
        "test_can_be_differentiated",
    ]


def test_every_call_is_there_with_what_came_of_it(rehearsals: Rehearsals) -> None:
    (rehearsal,) = rehearsals.run("mse", "")
    assert {each.check for each in rehearsal.calls} == {outcome.id for outcome in rehearsal.outcomes}
    assert all(each.call.function == "mse" and each.answer for each in rehearsal.calls)
    again = answers([each.call for each in rehearsal.calls], rehearsals.reference)
    for each, answer in zip(rehearsal.calls, again, strict=True):
        assert answer
        assert each.answer
        assert answer_difference(each.call, (each.answer, each.printed), answer) is None


def test_with_and_without_calls_sent_ahead_the_verdict_is_the_same(rehearsals: Rehearsals) -> None:
    sources = ["", HALF, "def mse(t1, t2):\n    return t1.no_such_thing()\n"]
    ahead = rehearsals.run("mse", *sources)
    after = rehearsals.run("mse", *sources, ahead=False)
    assert [each.result.checks for each in ahead] == [each.result.checks for each in after]


def test_some_checks_alone_can_be_run(rehearsals: Rehearsals) -> None:
    (rehearsal,) = rehearsals.run("mse", HALF, only=["test_leaves_its_arguments_alone"])
    assert [(outcome.id, outcome.status) for outcome in rehearsal.outcomes] == [
        ("test_leaves_its_arguments_alone", CheckStatus.PASSED)
    ]


def test_forbidden_functions_are_found_in_the_source_and_while_running(rehearsals: Rehearsals) -> None:
    plain = "import torch.nn.functional as F\n\ndef mse(t1, t2):\n    return F.mse_loss(t1, t2)\n"
    hidden = "import torch\n\ndef mse(t1, t2):\n    return getattr(torch.nn.functional, 'mse_' + 'loss')(t1, t2)\n"
    for rehearsal in rehearsals.run("mse", plain, hidden):
        assert (rehearsal.result.status, rehearsal.result.score) == (ExerciseStatus.FORBIDDEN, 0)


def test_an_endless_loop_is_stopped_whatever_it_catches(rehearsals: Rehearsals) -> None:
    endless = "def mse(t1, t2):\n    while True:\n        try:\n            while True:\n                pass\n"
    endless += "        except Exception:\n            pass\n"
    stopped, after = rehearsals.run("mse", endless, "", seconds=0.2)
    assert stopped.result.status is ExerciseStatus.TIMED_OUT
    assert {outcome.status for outcome in stopped.outcomes} == {CheckStatus.TIMED_OUT}
    assert after.result.status is ExerciseStatus.PASSED


def test_an_exercise_is_blocked_by_one_that_it_needs(rehearsals: Rehearsals) -> None:
    (mse,) = rehearsals.run("mse", HALF)
    (train,) = rehearsals.run("train", HALF, earlier={"mse": mse.result})
    assert train.result.status is ExerciseStatus.BLOCKED


def test_nothing_of_an_implementation_is_left_behind(rehearsals: Rehearsals) -> None:
    before = (set(sys.modules), list(sys.meta_path))
    unruly = "import torch\n\ntorch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(False)\n" + HALF
    _, right = rehearsals.run("mse", unruly, "")
    assert right.result.status is ExerciseStatus.PASSED
    assert (torch.get_default_dtype(), torch.is_grad_enabled()) == (torch.float32, True)
    left = {name for name in set(sys.modules) - before[0] if not name.startswith(("solutions", "test_", "torch"))}
    assert not left & set(rehearsals.reference)
    assert sys.meta_path == before[1]
