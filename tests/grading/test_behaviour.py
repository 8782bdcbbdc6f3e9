"""What a function does in all of its calls tells a cause by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.grading.behaviour import Compared, Noticed, behaviour
from grader.grading.further_calls import asked_again
from grader.sandbox.inside.materialize import tensor_from_plain, tensor_to_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Build
from tests.conftest import Run

NUMBERS = st.integers(-100, 100).map(float)
CALLS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=6, unique=True)


def compared(calls: list[tuple[float, float]], function: Callable[[float, float], Any], looked: str = "value") -> Any:
    """Calls of a function of two numbers that should give 1e6 and their sum."""
    return [
        Compared(Call("m", "f", args), Reply(function(*args), args), Reply(1e6 + sum(args), args), {looked})
        for args in calls
    ]


def says(noticed: Noticed | None) -> str:
    return noticed.says if noticed else ""


@given(CALLS)
def test_nothing_is_returned(calls: list[tuple[float, float]]) -> None:
    assert says(behaviour("f", compared(calls, lambda *_: None))) == "f returns nothing: look at how it ends."


@given(CALLS)
def test_an_argument_is_returned(calls: list[tuple[float, float]]) -> None:
    if len({b for _, b in calls}) > 1 and any(a != b for a, b in calls):
        assert says(behaviour("f", compared(calls, lambda *both: both[1]))) == "f returns its second argument as it is."


@given(CALLS)
def test_always_the_same_is_returned(calls: list[tuple[float, float]]) -> None:
    assert says(behaviour("f", compared(calls, lambda *_: 1000.5))) == "f returns the same, whatever it is given."


@given(CALLS)
def test_of_a_function_that_does_something_nothing_is_said(calls: list[tuple[float, float]]) -> None:
    assume(len({b for _, b in calls}) > 1)  # or it hardly differs from 0.03 times what is right
    assert says(behaviour("f", compared(calls, lambda a, b: 30000 + a + 203 * b))) == ""


@given(CALLS)
def test_what_no_check_looks_at_says_nothing(calls: list[tuple[float, float]]) -> None:
    assert says(behaviour("f", compared(calls, lambda *_: None, looked="leaf:0"))) == ""


def test_one_call_alone_says_nothing() -> None:
    assert says(behaviour("f", compared([(1.0, 2.0)], lambda *_: None))) == ""


def tensor(*shape: int) -> Any:
    return tensor_to_plain(torch.rand(shape) + 0.5)


def of_tensors(change: Callable[[torch.Tensor], torch.Tensor], shapes: list[tuple[int, int]]) -> list[Compared]:
    """Calls of a function that should give three times its argument."""
    found = []
    for shape in shapes:
        x = torch.rand(shape) + 0.5
        call = Call("m", "f", (tensor_to_plain(x),))
        got, right = (Reply(tensor_to_plain(each), call.args) for each in (change(x), 3 * x))
        found.append(Compared(call, got, right, {"value"}))
    return found


def test_of_a_method_the_object_and_what_it_was_given_are_named_and_no_parameter_of_the_class() -> None:
    compared = []
    for shape in ((2, 3), (4, 3)):
        w = torch.rand(shape) + 0.5
        call = Call("m", "Net.__call__", (Build("m:Net", (2, 3)), tensor_to_plain(w)))
        state = {"weight": tensor_to_plain(w)}, call.args[1]
        wrong = {"weight": tensor_to_plain(w * 3)}, call.args[1]
        one = tensor_to_plain(w)
        compared.append(Compared(call, Reply(one, wrong), Reply(one, state), {"after:0"}))
    says_so = "`weight` of the object is what it should be, times 3."
    assert says(behaviour("Net", compared, ("features", "classes"))) == says_so
    returned = [
        replace(each, looked={"value"}, right=replace(each.right, value=each.right.after[0]["weight"]))
        for each in compared
    ]
    wrong_value = [replace(each, got=replace(each.got, value=each.got.after[0]["weight"])) for each in returned]
    of_value = "What Net.forward returns is what it should be, times 3."
    assert says(behaviour("Net", wrong_value, ("features",))) == of_value
    same = [replace(each, right=replace(each.right, value=0.5)) for each in returned]
    assert says(behaviour("Net", same, ("features",))) == "Net.forward returns its first argument as it is."


def test_a_list_in_place_of_a_tuple_is_what_the_checks_take_it_for() -> None:
    call = Call("m", "f", (1,))
    one, other = ([2.0, 3.0], (2.0, [4.0])), ((2.0, 3.0), (2.0, [4.0]))
    assert not Compared(call, Reply([*one]), Reply(other), {"value"}).is_wrong
    assert Compared(call, Reply([[2.0], one[1]]), Reply(other), {"value"}).is_wrong
    assert Compared(call, Reply((2.0, 4.0)), Reply([2.0, 4.0]), {"value"}).is_wrong  # where a list is wanted, it is one


def test_a_relation_is_told_of_what_is_returned() -> None:
    noticed = behaviour("f", of_tensors(lambda x: -3 * x, [(2, 3), (4, 1)]), ("x",))
    assert noticed == Noticed("What f returns has the wrong sign.", "result")
    by_rows = of_tensors(lambda x: 3 * x * len(x), [(2, 3), (4, 1), (5, 5)])
    assert (
        says(behaviour("f", by_rows, ("x",))) == "What f returns is what it should be, times the number of rows of `x`."
    )


def test_one_argument_of_two_that_alone_is_wrong_is_told() -> None:
    found = []
    for _ in range(2):
        w, b, other = tensor(2, 2), tensor(2), tensor(2)
        found.append(
            Compared(Call("m", "f", (w, b)), Reply(None, (w, b)), Reply(None, (w, other)), {"after:0", "after:1"})
        )
    assert says(behaviour("f", found, ("w", "b"))) == "`b` after the call doesn't change."
    found = [
        Compared(each.call, Reply(None, (each.got.after[0], tensor(2))), each.right, each.looked) for each in found
    ]
    assert (
        says(behaviour("f", found, ("w", "b"))) == "`b` after the call is wrong; `w` after the call is right each time."
    )


def test_a_size_that_alone_comes_right_is_told_and_nothing_when_several_would_explain_it() -> None:
    def only_for_five(x: torch.Tensor) -> torch.Tensor:
        return 3 * x if len(x) == 5 else x.sin() + 7 * x**3

    def again(code: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Call], Reply]:
        return lambda call: Reply(tensor_to_plain(code(tensor_from_plain(call.args[0]))), call.args)

    def noticed(*shapes: tuple[int, int]) -> str:
        calls = of_tensors(only_for_five, list(shapes))
        return says(asked_again("f", calls, ("x",), again(only_for_five), again(lambda x: 3 * x)))

    assert noticed((5, 2), (5, 3), (4, 2), (6, 3)) == "f is right only where the number of rows of `x` is 5."
    assert noticed((5, 2), (4, 3), (6, 4)) == ""
    assert noticed((5, 2), (4, 2), (6, 2)) == ""  # a single call may come right by chance


def ask(function: Callable[..., float]) -> Callable[[Call], Reply | Raised]:
    return lambda call: Reply(function(*call.args), call.args)


def test_an_argument_that_does_not_matter_is_found_by_further_calls() -> None:
    calls = compared([(1.0, 2.0), (3.0, 5.0)], lambda a, _: a * a)
    noticed = asked_again("f", calls, ("a", "b"), ask(lambda a, _: a * a), ask(lambda a, b: 10 + a + b))
    assert says(noticed) == "f gives the same, whatever `b` is."
    assert asked_again("f", calls, ("a", "b"), ask(lambda a, _: a * a), ask(lambda a, _: 1e6 + a)) is None


def test_where_several_arguments_do_not_matter_none_is_named() -> None:
    calls = compared([(1.0, 2.0), (3.0, 5.0)], lambda *_: 7.0)
    assert asked_again("f", calls, ("a", "b"), ask(lambda *_: 7.0), ask(lambda a, b: 10 + a + b)) is None


def test_what_was_kept_from_an_earlier_call_is_found_by_calling_again() -> None:
    calls = compared([(1.0, 2.0), (3.0, 5.0)], lambda a, b: a * b)
    noticed = asked_again("f", calls, (), ask(lambda a, b: a * b + 1), ask(lambda a, b: 1e6 + a + b))
    assert says(noticed) == "f gives something else when it is called again with the same arguments."


def test_where_further_calls_come_to_nothing_nothing_is_said() -> None:
    calls = compared([(1.0, 2.0), (3.0, 5.0)], lambda a, b: a * b)
    assert asked_again("f", calls, (), lambda _: None, ask(lambda a, b: 1e6 + a + b)) is None


# By learner: what `mse` is.
WRONG = {
    "same": "def mse(t1, t2):\n    return torch.tensor(3.25, requires_grad=True) * 1\n",
    "argument": "def mse(t1, t2):\n    return t2\n",
    "huge": f"def mse(t1, t2):\n    return [{'9' * 400}] * 3\n",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path], kit: Callable[..., Run]) -> Run:
    folder = tmp_path_factory.mktemp("behaviour")
    for student, code in WRONG.items():
        submit(folder / "in", student, mse=code)
    return kit("grade", folder / "in", "--seed", 3, out=folder / "out")


@pytest.mark.parametrize(
    ("student", "said"),
    [("same", "mse returns the same"), ("argument", "mse returns its second argument as it is.")],
)
def test_a_learner_is_told_where_it_returns(graded: Run, student: str, said: str) -> None:
    result = graded.results[student]["exercises"]["mse"]
    cause = result["cause"]
    assert cause["says"] in result["feedback"]
    assert (cause["by"], cause["module"]) == ("behaviour", "from_scratch")
    assert cause["says"].startswith(said)
    lines = (graded.out.parent / "in" / student / "from_scratch.py").read_text().split("\n")
    assert "return" in lines[cause["line"] - 1]


ENDLESS = 10**400


@pytest.mark.parametrize(
    "value",
    [
        ENDLESS,
        [ENDLESS] * 3,
        [1.0] * 200_000,
        [[[1.0]]],
        {"a": ENDLESS},
        "text",
        None,
        [None, 1.0],
        float("nan"),
        (1, 2),
    ],
    ids=lambda value: f"{value!r:.20}",
)
def test_whatever_a_learner_answers_something_or_nothing_is_said(value: Any) -> None:
    calls = compared([(1.0, 2.0), (3.0, 5.0), (2.0, 2.0)], lambda *_: value)
    again = ask(lambda *_: value)
    for noticed in (behaviour("f", calls), asked_again("f", calls, (), again, ask(lambda a, b: 1e6 + a + b))):
        assert noticed is None or noticed.says.startswith(("f ", "What f returns "))


def test_an_answer_that_no_array_can_hold_fails_its_exercise_alone(graded: Run) -> None:
    record = graded.results["huge"]
    result = record["exercises"]["mse"]
    assert (graded.code, result["status"], result["score"]) == (0, "failed", 0)
    assert "The loss should be a tensor" in result["feedback"]
    others = {each["status"] for name, each in record["exercises"].items() if name not in ("mse", "train")}
    assert others == {"passed"}


@given(st.sampled_from([0.5, 2.0, 3.0, -1.0]), st.sampled_from(["weight", "bias"]))
def test_gradients_of_a_module_are_told_by_the_name_of_the_parameter(factor: float, wrong: str) -> None:
    def with_gradients(gradients: dict[str, torch.Tensor]) -> dict[str, Any]:
        found = {}
        for name, gradient in gradients.items():
            parameter = torch.zeros_like(gradient, requires_grad=True)
            parameter.grad = gradient
            found[name] = tensor_to_plain(parameter)
        return found

    calls = []
    for rows in (2, 3, 4):
        call = Call("m", "f", (Build("torch.nn.Linear", (3, rows)),))
        gradients = {"weight": torch.rand(rows, 3) + 0.5, "bias": torch.rand(rows) + 0.5}
        right = Reply(None, (with_gradients(gradients),))
        got = Reply(None, (with_gradients({**gradients, wrong: factor * gradients[wrong]}),))
        calls.append(Compared(call, got, right, {"grad:0"}))
    said = says(behaviour("f", calls, ("net",)))
    assert said.startswith(f"The gradient of `{wrong}` of `net` "), said
