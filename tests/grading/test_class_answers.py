"""What a function answers to the calls of the whole class: those of every draw are kept, or nothing is."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from grader.checks.observed import CallRecord
from grader.core.answers import Answers
from grader.grading.class_answers import ClassAnswers, NotRight
from grader.grading.session import Answer, Waiting
from grader.sandbox.protocol.messages import Call, ChildEnded, Reply

DRAWS = [[CallRecord("values", n, Call("m", "f", (draw + n,)), looked={"value"}) for n in range(2)] for draw in (0, 10)]


class Session:
    """Answers by calling a function."""

    def __init__(self, function: Callable[[int], float]) -> None:
        self._function = function

    def begin(self, *_: Any, **__: Any) -> None:
        pass

    def send(self, call: Call) -> Waiting:
        return lambda: Answer(Reply(self._function(*call.args)), "")


def asked(function: Callable[[int], float]) -> ClassAnswers:
    exercise: Any = SimpleNamespace(id="f")
    answers = ClassAnswers(Session(function), NotRight(exercise, {}))  # type: ignore[arg-type]
    answers.ask(DRAWS)
    return answers


def kept(function: Callable[[int], float]) -> Answers:
    found = asked(function).kept()
    assert found is not None
    return found


def test_those_that_differ_in_one_call_of_any_draw_are_not_alike() -> None:
    right = kept(lambda x: 2.0 * x + 1)
    assert right.is_like(kept(lambda x: 1.0 + x + x))
    for wrong_at in (0, 1, 10, 11):
        assert not right.is_like(kept(lambda x, wrong_at=wrong_at: 2.0 * x + 1 + (x == wrong_at)))  # type: ignore[misc]


@pytest.mark.parametrize(("last", "first"), [(0, 0), (1, 1), (10, 2), (11, 2)])
def test_where_a_call_comes_to_no_end_nothing_is_kept_and_what_came_before_is_known(last: int, first: int) -> None:
    def function(x: int) -> float:
        if x == last:
            raise ChildEnded("It ended.", overran=True)
        return 2.0 * x

    answers = asked(function)
    assert [each.answer for each in answers.first] == [Reply(2.0 * n) for n in range(first)]
    assert answers.kept() is None
