"""Claims that no right program makes: each fails the check, as any wrong value does, and none breaks it."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
import torch

from grader.checks import Build, CheckFailed, Function, Iterate, Outcome, Student, Tolerance
from grader.checks.compare import describe, difference
from grader.checks.explain import BrokenCheck
from grader.checks.transport import Source
from grader.core.records import CheckStatus, Finding
from grader.sandbox.inside.execute import to_plain
from grader.sandbox.protocol.messages import Call, ChildEnded, Raised, Reply
from grader.sandbox.protocol.plain import Array
from tests.wire.judging import Fixed

WEIGHTS = torch.tensor([[1.0, 2.0, 3.0]])
MODEL = Build("torch.nn.Linear", (1, 1), state={"bias": torch.tensor([0.5])})
INFINITE = float("inf")


def asked(reply: Reply, *args: Any, then: Iterate | None = None, printed: str = "") -> Outcome:
    return Student(Fixed(reply, printed), {"f": Function("m")}, ahead=True).f(*args, then=then)


@pytest.mark.parametrize(
    ("reply", "then"),
    [
        (Reply(1), None),
        (Reply(1, (None, None)), None),
        (Reply(1, (None,), ((),)), None),
        (Reply(1, (None,)), Iterate(2)),
        (Reply(1, (None,), ((), (), ())), Iterate(2)),
        (Reply(1, (None,), ((1, 2, 3), ())), Iterate(2, 2)),
    ],
)
def test_a_reply_that_leaves_out_or_adds_an_argument_or_a_pass_answers_nothing(reply: Reply, then: Any) -> None:
    with pytest.raises(CheckFailed, match="no answer to this call") as failed:
        asked(reply, 1, then=then).settle()
    assert failed.value.status is CheckStatus.CRASHED


class Ended(Fixed):
    """A transport whose child has ended, of a learner whose module is a notebook."""

    def __init__(self, ended: ChildEnded) -> None:
        super().__init__(Reply(None))
        self.ended = ended

    def _read(self, call: Call) -> NoReturn:  # noqa: ARG002
        raise self.ended

    def source(self, _module: str, _function: str) -> Source:
        return Source("the notebook")


@pytest.mark.parametrize("overran", [True, False])
@pytest.mark.parametrize("in_call", [True, False])
def test_a_call_that_comes_to_no_end_fails_the_check_in_the_words_of_who_ended_it(overran: bool, in_call: bool) -> None:
    ended = ChildEnded("m.py could not be imported.", overran=overran, in_call=in_call)
    with pytest.raises(CheckFailed) as failed:
        Student(Ended(ended), {"f": Function("m")}).f(1)
    facts = (("called", "f(1)"),) if in_call else ()
    assert failed.value.finding == Finding("The notebook could not be imported.", facts)
    assert failed.value.status is (CheckStatus.TIMED_OUT if overran else CheckStatus.CRASHED)


@pytest.mark.parametrize("after", [None, 7, [], "x", {"bias": None}, to_plain(torch.tensor([0.5]))])
def test_a_module_that_comes_back_as_something_else_was_not_trained(after: Any) -> None:
    with pytest.raises(CheckFailed, match=r"no parameter or buffer bias after|can't be looked at: it is"):
        asked(Reply(None, (after,)), MODEL).trained(0, {"bias": torch.tensor([0.5])})


@pytest.mark.parametrize("after", [None, {}, WEIGHTS.t(), WEIGHTS.double(), WEIGHTS.numpy(), WEIGHTS[:, :0]])
def test_an_argument_that_lost_its_shape_or_dtype_can_not_be_reckoned_with(after: Any) -> None:
    with pytest.raises(CheckFailed, match="keep its shape and dtype"):
        asked(Reply(None, (to_plain(after),)), WEIGHTS).after(0)


def test_an_argument_as_it_is_afterwards_is_what_came_back() -> None:
    assert torch.equal(asked(Reply(None, (to_plain(2 * WEIGHTS),)), WEIGHTS).after(0), 2 * WEIGHTS)


def test_a_tensor_that_became_an_array_was_not_left_alone() -> None:
    with pytest.raises(CheckFailed, match="was changed"):
        asked(Reply(None, (to_plain(WEIGHTS.numpy()),)), WEIGHTS).leaves_alone(0)


def test_what_is_printed_and_claimed_is_shown_without_its_control_characters_and_cut() -> None:
    printed = "\x1b[2J\u202e" + "x" * 10_000
    outcome = asked(Reply(None), printed=printed)
    with pytest.raises(CheckFailed) as failed:
        outcome.fail("Wrong.", ("printed", outcome.printed + "\nmore"))
    told = dict(failed.value.finding.facts)["printed"]
    assert told.startswith("\\x1b[2J\\u202e")
    assert len(told) == 1000


def test_a_device_is_told_in_few_harmless_words() -> None:
    array = Array("tensor", "float32", (), bytes(4), device="\ud800\x1b" * 999)
    found = difference("it", array, torch.tensor(0.0), Tolerance())
    assert found is not None
    assert "\\ud800\\x1b" in found.summary
    assert len(found.summary) < 200


@pytest.mark.parametrize("shape", [(2**31, 0), (6,) * 12 + (0,), (0, 2**31)])
def test_an_array_without_numbers_is_not_written_out_by_its_other_sizes(shape: tuple[int, ...]) -> None:
    for kind in ("tensor", "numpy"):
        assert "shape" in describe(Array(kind, "float32", shape, b""))


def test_arrays_of_any_numbers_are_described_as_they_are() -> None:
    assert describe(Array("numpy", "complex64", (1,), bytes(8))) == "array([0j]) (complex64)"
    assert describe(Array("numpy", "float16", (1,), bytes(2))) == "array([0]) (float16)"
    assert describe(Array("tensor", "bfloat16", (1,), bytes(2))) == "tensor([0]) (bfloat16)"


@pytest.mark.parametrize("expected", [INFINITE, [1.0, INFINITE], torch.tensor([1.0, INFINITE])])
def test_an_infinity_among_the_expected_numbers_does_not_make_every_number_right(expected: Any) -> None:
    assert difference("it", to_plain(expected), expected, Tolerance()) is None
    wrong = 2.0 if isinstance(expected, float) else [2.0, INFINITE]
    got = torch.tensor(wrong) if isinstance(expected, torch.Tensor) else wrong
    assert difference("it", to_plain(got), expected, Tolerance()) is not None


def test_arguments_that_can_be_built_here_and_not_there_are_not_our_mistake() -> None:
    raised = Raised("build", "RuntimeError", "no\x1b")
    with pytest.raises(CheckFailed, match="can't be made where your code runs"):
        Student(Fixed(raised), {"f": Function("m")}).f(WEIGHTS, MODEL)
    with pytest.raises(BrokenCheck):
        Student(Fixed(raised), {"f": Function("m")}).f(Build("torch.nn.Linear", ("x",)))
    with pytest.raises(BrokenCheck):
        Student(Fixed(raised), {"f": Function("m")}, device="cuda").f(WEIGHTS)
