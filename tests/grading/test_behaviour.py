"""What a function does in all of its calls tells a cause by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.observed import CallRecord
from grader.grading.behaviour import behaviour
from grader.sandbox.protocol.messages import Call, Reply

NUMBERS = st.floats(-100, 100)
CALLS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=6, unique=True)


def asked(calls: list[tuple[float, float]], function: Callable[[float, float], Any], looked: str = "value") -> Any:
    return [
        CallRecord("check", number, Call("m", "f", args), Reply(function(*args), args, (), ()), "", {looked})
        for number, args in enumerate(calls)
    ]


@given(CALLS)
def test_nothing_is_returned(calls: list[tuple[float, float]]) -> None:
    assert behaviour("f", asked(calls, lambda *_: None)) == "f returns nothing: look at how it ends."


@given(CALLS)
def test_an_argument_is_returned(calls: list[tuple[float, float]]) -> None:
    if len({b for _, b in calls}) > 1 and any(a != b for a, b in calls):
        assert behaviour("f", asked(calls, lambda *both: both[1])) == "f returns its second argument as it is."


@given(CALLS)
def test_always_the_same_is_returned(calls: list[tuple[float, float]]) -> None:
    assert behaviour("f", asked(calls, lambda *_: 1000.5)) == "f returns the same, whatever it is given."


@given(CALLS)
def test_of_a_function_that_does_something_nothing_is_said(calls: list[tuple[float, float]]) -> None:
    assert behaviour("f", asked(calls, lambda a, b: 1000 + a + 7 * b)) == ""


@given(CALLS)
def test_what_no_check_looks_at_says_nothing(calls: list[tuple[float, float]]) -> None:
    assert behaviour("f", asked(calls, lambda *_: None, looked="after")) == ""


def test_one_call_alone_says_nothing() -> None:
    assert behaviour("f", asked([(1.0, 2.0)], lambda *_: None)) == ""


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def mse(t1, t2):\n    return torch.tensor(3.25, requires_grad=True) * 1\n", "mse returns the same"),
        ("def mse(t1, t2):\n    return t2\n", "mse returns its second argument as it is."),
    ],
)
def test_a_learner_is_told_where_it_returns(
    submit: Callable[..., Path], kit: Callable[..., Any], tmp_path: Path, code: str, says: str
) -> None:
    text = (submit(tmp_path / "in", "ada", mse=code) / "from_scratch.py").read_text()
    run = kit("grade", tmp_path / "in", "--seed", 3, out=tmp_path / "out")
    result = run.results["ada"]["exercises"]["mse"]
    cause = result["cause"]
    assert cause["says"] in result["feedback"]
    assert (cause["by"], cause["module"]) == ("behaviour", "from_scratch")
    assert cause["says"].startswith(says)
    lines = text.split("\n")
    assert "return" in lines[cause["line"] - 1]
