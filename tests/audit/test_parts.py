"""The parts of an audit: what is the same, what a check is worth, what is remembered, what lists may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from grader.audit.equivalents import Answer, answer_difference, read_equivalents
from grader.audit.trials import (
    Kind,
    Subject,
    Trial,
    TrialRun,
    idle,
    never_alone,
    out_of_proportion,
    touched_modules,
    worths,
)
from grader.audit.workers import Remembered
from grader.checks import CheckInfo
from grader.core.errors import BankError
from grader.core.records import CheckStatus, ExerciseStatus
from grader.course.load import load_course
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply

pytestmark = pytest.mark.slow

CALL = Call("m", "f", (1.0,))


def reply(value: object, after: tuple[Any, ...] = (None,), printed: str = "") -> tuple[Reply, str]:
    plain = tensor_to_plain(value) if isinstance(value, torch.Tensor) else value
    return Reply(plain, after), printed


def returned(answer: Answer | None) -> object:
    """The value that was returned, as an answer tells it."""
    assert answer is not None
    told, _ = answer
    assert isinstance(told, Reply)
    return told.value


def test_answers_are_the_same_but_for_rounding() -> None:
    assert answer_difference(CALL, reply(torch.tensor([1.0])), reply(torch.tensor([1.0 + 1e-7]))) is None
    assert answer_difference(CALL, reply(torch.tensor([1.0])), reply(torch.tensor([1.01]))) == "value"
    assert answer_difference(CALL, reply(torch.tensor([1.0])), reply(torch.tensor([[1.0]]))) == "value"
    assert answer_difference(CALL, reply(1.0), (Raised("call", "ValueError", "no"), "")) == "value"


def test_what_is_printed_and_left_behind_counts_unless_it_is_free() -> None:
    one = reply(None, (tensor_to_plain(torch.ones(2)),), "Epoch 1\n")
    other = reply(None, (tensor_to_plain(torch.zeros(2)),), "Epoch 2\n")
    assert answer_difference(CALL, one, other) == "printed"
    assert answer_difference(CALL, one, other, ["printed"]) == "after"
    assert answer_difference(CALL, one, other, ["printed", "after"]) is None


def test_a_gradient_left_behind_counts() -> None:
    w, v = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    w.grad, v.grad = torch.ones(1), torch.zeros(1)
    assert answer_difference(CALL, reply(None, (tensor_to_plain(w),)), reply(None, (tensor_to_plain(v),))) == "grad"


def test_a_module_is_touched_when_it_mentions_a_changed_one() -> None:
    sources = {"one": "x = 1", "two": "from one import x", "three": "import two", "four": "oneself = 2"}
    assert touched_modules(sources, ["one"]) == {"one", "two", "three"}
    assert touched_modules(sources, ["three"]) == {"three"}


CHECKS = {
    "test_most": CheckInfo("f", 3, 0, "is right"),
    "test_some": CheckInfo("f", 1, 0, "is small"),
    "test_guard": CheckInfo("f", 0, 0.5, "is quiet"),
}


def wrong(name: str, *failed: str, kind: Kind = Kind.MUTANT) -> Trial:
    statuses = tuple((check, CheckStatus.FAILED if check in failed else CheckStatus.PASSED) for check in CHECKS)
    return Trial(Subject(kind, "f", name, name, {}), (TrialRun("f", 1, ExerciseStatus.FAILED, 0.0, 4.0, statuses),))


def test_a_check_is_worth_what_it_fails_and_what_it_fails_alone() -> None:
    found = worths(CHECKS, 4, [wrong("a", "test_most"), wrong("b", "test_most", "test_some")])
    assert [(len(worth.fails), len(worth.alone)) for worth in found] == [(2, 1), (1, 0), (0, 0)]
    assert [worth.points for worth in found] == [3, 1, 2]
    assert [worth.check for worth in idle(found)] == ["test_guard"]
    assert list(never_alone("f", found)) == [
        "f: test_some never rejects alone: it decides only how many points are left."
    ]


def test_points_are_out_of_proportion_when_less_is_worth_more() -> None:
    trials = [wrong("a", "test_some"), wrong("b", "test_most", "test_some"), wrong("c", *CHECKS)]
    assert "test_some fails all that test_most fails, and more, and is worth less: 1 of 3 points." in "\n".join(
        out_of_proportion(worths(CHECKS, 4, trials), [])
    )


def test_what_fails_everything_says_nothing_of_proportion() -> None:
    assert not list(out_of_proportion(worths(CHECKS, 4, [wrong("a", *CHECKS), wrong("b", *CHECKS)]), []))


def test_points_are_out_of_proportion_when_many_find_few_of_the_known_mistakes() -> None:
    trials = [wrong(str(number), "test_some", kind=Kind.MISTAKE) for number in range(9)]
    trials += [wrong("x", "test_most", kind=Kind.MISTAKE), *(wrong(f"m{n}", "test_most") for n in range(50))]
    ids = [trial.subject.id for trial in trials if trial.subject.kind is Kind.MISTAKE]
    sentences = list(out_of_proportion(worths(CHECKS, 4, trials), ids))
    assert sentences == ["f: test_most holds 3 of 4 points, and fails 1 of 10 wrong implementations."]


COUNTS = "calls = 0\ndef f(x):\n    global calls\n    calls += 1\n    return float(calls)\n"


def test_answers_are_remembered_with_the_calls_before_them() -> None:
    remembered = Remembered()
    for _ in range(2):
        with remembered.stage({"m": COUNTS}) as stage:
            assert [returned(stage.answer(CALL)) for _ in range(3)] == [1.0, 2.0, 3.0]
    with remembered.stage({"m": COUNTS}) as stage:
        first = stage.answer(CALL)
        other = stage.answer(Call("m", "f", (2.0,)))  # new: what came before is asked again first
    assert (returned(first), returned(other)) == (1.0, 2.0)


def test_other_sources_are_not_remembered_for_these() -> None:
    remembered = Remembered()
    with remembered.stage({"m": "def f(x):\n    return 1.0"}) as stage:
        stage.answer(CALL)
    with remembered.stage({"m": "def f(x):\n    return 2.0"}) as stage:
        assert returned(stage.answer(CALL)) == 2.0


def test_a_list_of_equivalents_that_is_not_in_order_is_told_of(root: Path, tmp_path: Path) -> None:
    assignment = load_course(root).assignments["linear_regression"]
    assert read_equivalents(tmp_path, assignment) == {}
    file = tmp_path / "solutions/linear_regression/equivalent_mutants.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[mse-1]\nwhy = "x"\nfree = ["all"]\n')
    with pytest.raises(BankError) as caught:
        read_equivalents(tmp_path, assignment)
    for words in ("has no change", "has no reason", 'unknown key "why"', "`free` should be a list of some of value"):
        assert words in str(caught.value)
    file.write_text("[mse-1")
    with pytest.raises(BankError, match="can't be read as TOML"):
        read_equivalents(tmp_path, assignment)


def test_the_equivalents_of_the_lesson_each_have_a_reason(root: Path) -> None:
    listed = read_equivalents(root, load_course(root).assignments["linear_regression"])
    assert listed
    assert len(listed) < 30  # a long list hides things
