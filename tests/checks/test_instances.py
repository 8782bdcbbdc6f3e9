"""Objects of a learner's class, as a check has them: each call stands for itself, and remembers what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import (
    Backward,
    Build,
    CheckFailed,
    Function,
    Parameters,
    Student,
    attribute_of,
    call_method,
    load_state,
    real,
    state_of,
)
from grader.core.records import CheckStatus
from grader.grading.local_run import LocalTransport, answers

SOURCE = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, inner=2):
        super().__init__()
        self.layer = nn.Linear(3, inner)
        self.register_buffer("count", torch.zeros(()))

    def forward(self, x):
        self.count += 1
        return self.layer(x)

    def to_do(self):
        raise NotImplementedError("Net.to_do is still to do")


class Counter:
    kind = "counter"

    def __init__(self, start):
        self.at = start

    def add(self, number):
        self.at += number
        return self.at

    def __len__(self):
        return self.at

    def fail(self):
        return self.nowhere


def through(net, x):
    return net(x)
"""


def upstream(gradient: Any) -> Backward:
    return Backward(gradient)


def of(net: Any) -> Parameters:
    return Parameters(net)


@pytest.fixture
def student() -> Iterator[Student]:
    functions = {name: Function("lesson") for name in ("Net", "Counter", "through")}
    with LocalTransport({"lesson": SOURCE}) as stage:
        yield Student(stage, functions, 5)


def failed(does: Callable[[], object]) -> CheckFailed:
    with pytest.raises(CheckFailed) as raised:
        does()
    return raised.value


@settings(max_examples=25)
@given(numbers=st.lists(st.integers(-9, 9), max_size=6))
def test_an_object_goes_on_from_where_it_was(numbers: list[int]) -> None:
    with LocalTransport({"lesson": SOURCE}) as stage:
        counter = Student(stage, {"Counter": Function("lesson")}, 5).new.Counter(3)
        at = 3
        for number in numbers:
            at += number
            counter.add(number).returns(at)
        attribute_of(counter, "at").returns(at)
        attribute_of(counter, "kind").returns("counter")
        assert state_of(counter).after(0) == {"at": at}
        if at >= 0:
            call_method(counter, "__len__").returns(at)


def test_every_call_can_be_asked_again_alone(student: Student) -> None:
    counter, net = student.new.Counter(3), student.new.Net()
    for number in (1, 5):
        counter.add(number)
    net(torch.ones(2, 3))
    net(torch.ones(2, 3), then=upstream(torch.ones(2, 2)))
    asked = [each.call for each in student.asked][::-1]
    again = answers(asked, {"lesson": SOURCE})
    for each, came in zip(student.asked[::-1], again, strict=True):
        assert came
        assert repr(came[0]) == repr(each.answer)


def test_a_module_has_the_same_first_parameters_in_each_call(student: Student) -> None:
    net, other = student.new.Net(), student.new.Net()
    first, second = (state_of(net).after(0)["layer.weight"] for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, state_of(other).after(0)["layer.weight"])


def test_state_is_loaded_and_changed_and_has_gradients(student: Student) -> None:
    net, x = student.new.Net(), torch.tensor([[1.0, 2.0, 3.0]])
    weight = torch.arange(6.0).reshape(2, 3)
    load_state(net, {"layer.weight": weight, "layer.bias": torch.tensor([1.0, -1.0])})
    outcome = net(x, then=upstream(torch.tensor([[1.0, 10.0]])))
    outcome.returns(x @ weight.T + torch.tensor([1.0, -1.0]))
    assert torch.equal(outcome.after(0)["layer.bias"].grad, torch.tensor([1.0, 10.0]))
    net(x)
    assert state_of(net).after(0)["count"] == 2
    with pytest.raises(ValueError, match="before the first call"):
        load_state(net, {})


def test_gradients_of_earlier_calls_add_up(student: Student) -> None:
    net, x = student.new.Net(), torch.ones(1, 3)
    for _ in range(3):
        net(x, then=upstream(torch.ones(1, 2)))
    assert torch.equal(state_of(net).after(0)["layer.bias"].grad, torch.full((2,), 3.0))


def test_it_is_given_to_functions_and_optimizers(student: Student) -> None:
    net, x = student.new.Net(), torch.ones(1, 3)
    student.through(net, x).returns(net(x).value.detach().requires_grad_())
    opt = Build("torch.optim.SGD", (of(net),), {"lr": 0.1})
    assert student.through(net, x, then=upstream(torch.ones(1, 2))).after(0)["layer.bias"].grad is not None
    with pytest.raises(ValueError, match="a learner's"):
        real(opt)


def test_names_and_shapes_of_its_parameters_are_told(student: Student) -> None:
    state = state_of(student.new.Net(5))
    right = {"layer.weight": (5, 3), "layer.bias": (5,), "count": ()}
    state.holds(0, right)
    lacking = failed(lambda: state.holds(0, {**right, "scale": (1,)}))
    assert lacking.finding.summary == "The model has no parameter or buffer scale."
    assert ("has", "layer.weight (5, 3), layer.bias (5,), count ()") in lacking.finding.facts
    other = failed(lambda: state.holds(0, {**right, "layer.bias": (3,)}, "the network"))
    assert other.finding.summary == "layer.bias of the network should have the shape (3,), but it has (5,)."
    more = failed(lambda: state.holds(0, {"layer.weight": (5, 3), "layer.bias": (5,)}))
    assert more.finding.summary == "The model has count, which the exercise doesn't ask for."


def test_what_can_t_be_loaded_is_a_failed_check(student: Student) -> None:
    for state, said in {
        "scale": "There is no parameter or buffer scale",
        "layer.bias": "layer.bias has the shape (2,), where it should have (7,)",
    }.items():
        net = student.new.Net()
        load_state(net, {state: torch.ones(7)})
        failure = failed(partial(net, torch.ones(1, 3)))
        assert said in failure.finding.summary
        assert failure.finding.facts[0][0] == "called"
    counter = student.new.Counter(1)
    load_state(counter, {"at": torch.ones(1)})
    assert "is no torch.nn.Module" in failed(lambda: counter.add(1)).finding.summary


def test_what_is_raised_is_told_with_its_line(student: Student) -> None:
    failure = failed(lambda: student.new.Counter(1).fail())
    facts = dict(failure.finding.facts)
    assert facts["called"] == "Counter(1).fail"
    assert "return self.nowhere" in facts["where"]
    missing = failed(lambda: student.new.Counter(1).nothing(2))
    assert "nothing" in dict(missing.finding.facts)["raised"]
    made = failed(lambda: student.new.Counter().add(1))
    assert "Counter" in made.finding.summary


def test_below_a_class_of_another_exercise_the_line_that_uses_it_is_shown(student: Student) -> None:
    failure = failed(lambda: student.through(student.new.Net(), torch.ones(1, 7)))
    assert "Net.forward stopped with an error when it was called here." in failure.finding.summary
    assert "return net(x)" in dict(failure.finding.facts)["where"]


def test_a_method_that_is_a_stub_is_to_do(student: Student) -> None:
    failure = failed(lambda: student.new.Net().to_do())
    assert (failure.status, failure.finding.summary) == (CheckStatus.TODO, "Net.to_do is still to do.")
    line = next(
        number for number, text in enumerate(SOURCE.splitlines(), start=1) if "Net.to_do is still to do" in text
    )
    assert dict(failure.finding.facts)["where"].startswith(f"lesson.py, line {line}:")  # not that of its class


def test_what_is_not_allowed_is_seen_in_every_method() -> None:
    source = SOURCE.replace(
        "self.layer = nn.Linear(3, inner)", "self.layer = nn.Linear(3, inner); torch.relu(torch.ones(1))"
    )
    for text, seen in ((source, {"torch.relu"}), (SOURCE, set())):
        with LocalTransport({"lesson": text}) as stage:
            student = Student(stage, {"Net": Function("lesson", ("torch.relu",))}, 5)
            student.new.Net()(torch.ones(1, 3)).settle()
            assert student.seen["Net"] == seen


def test_no_exercise_asks_for_another_class(student: Student) -> None:
    with pytest.raises(AttributeError, match="no exercise asks for a class 'Nest'; there are: Net, Counter, through"):
        _ = student.new.Nest


def test_a_wrong_value_of_an_object_is_shown_with_the_calls_that_came_before() -> None:
    with LocalTransport({"lesson": SOURCE}) as transport:
        student = Student(transport, {"Counter": Function("lesson")})
        counter = student.new.Counter(1)
        call_method(counter, "add", 2).returns(3)
        with pytest.raises(CheckFailed) as failure:
            call_method(counter, "add", 5).returns(9)
    called = dict(failure.value.finding.facts)["called"]
    assert called == "it = Counter(1); it.add(2); it.add(5)"
