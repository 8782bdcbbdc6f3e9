"""Objects of learners' classes as checks see them, whatever comes back: the check fails, and never breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from grader.checks import Backward, Build, CheckFailed, Function, Parameters, Student, attribute_of, state_of
from grader.checks.explain import BrokenCheck
from grader.checks.transport import Source
from grader.core.records import CheckStatus
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.sandbox.protocol.plain import Opaque, too_large

WEIGHT = torch.ones(3, 6)
UPSTREAM: Any = torch.ones(3)
SHAPES = {"weight": (3, 6)}


class Claims:
    """Claims the same of every call."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        if isinstance(self.answer, Raised):
            return lambda: (self.answer, "")
        return lambda: (Reply(None, (self.answer, *[None] * (len(call.args) - 1))), "")

    def line_of(self, place: CodeLine) -> str:
        return f"{place.module}.py, line {place.line}"

    def definition(self, module: str, _function: str) -> CodeLine | None:
        return CodeLine(module, 9, "fit")

    def source(self, module: str, _function: str) -> Source:
        return Source(f"{module}.py")


def student_of(answer: Any) -> Student:
    return Student(Claims(answer), {"Net": Function("lesson"), "fit": Function("lesson")}, ahead=True)


ODD = [
    None, 7, "text", True, [1], (), (1,), ({"weight": 1}, 2), {}, {"weight": None}, {"weight": Opaque("a.B")},
    {"weight": "x" * 1000}, {"weight": {"weight": 1}}, too_large("more than 9,900 tensors"), Opaque("lesson.Net"),
    tensor_to_plain(WEIGHT), ({"weight": tensor_to_plain(WEIGHT)},), {"weight": tensor_to_plain(torch.ones(2).to(torch.int8))},
    {"weight": tensor_to_plain(WEIGHT), "\x1b<b>" * 40: 1}, {"\ud800": tensor_to_plain(WEIGHT)},
]  # fmt: skip


@pytest.mark.parametrize("state", ODD, ids=repr)
@pytest.mark.parametrize("what", ["holds", "gradients", "trained", "item", "value"])
def test_a_state_that_is_none_fails_the_check(state: Any, what: str) -> None:
    student = student_of(state)
    outcome = student.new.Net(6, 3)(1, then=Backward(UPSTREAM)) if what == "gradients" else None
    outcome = outcome or state_of(student.new.Net(6, 3))
    asked = {
        "holds": lambda: outcome.holds(0, SHAPES),
        "gradients": lambda: outcome.gradients(0, {"weight": WEIGHT}),
        "trained": lambda: outcome.trained(0, {"weight": WEIGHT + 1}),
        "item": lambda: outcome.after(0)["no such"],
        "value": lambda: attribute_of(student.new.Net(6, 3), "x").returns(WEIGHT),
    }
    with pytest.raises(CheckFailed) as failed:
        asked[what]()
    said = str(failed.value.finding)
    assert len(said) < 2000
    assert "return`" not in said or what == "value"


def test_attributes_are_no_parameters() -> None:
    with pytest.raises(CheckFailed, match=r"no torch\.nn\.Module"):
        state_of(student_of(({"weight": tensor_to_plain(WEIGHT)},)).new.Net()).holds(0, SHAPES)
    held = state_of(student_of(({"weight": tensor_to_plain(WEIGHT)},)).new.Net()).after(0)
    assert torch.equal(held["weight"], WEIGHT)
    assert "other" not in held
    state_of(student_of({"weight": tensor_to_plain(WEIGHT)}).new.Net()).holds(0, SHAPES)


def test_what_is_held_beside_the_tensors_is_told_in_its_order() -> None:
    state = {"weight": tensor_to_plain(WEIGHT), "first": Opaque("torch.Tensor", "a meta tensor"), "second": None}
    with pytest.raises(CheckFailed, match="has first, which"):
        state_of(student_of(state).new.Net()).holds(0, SHAPES)


def test_gradients_are_compared() -> None:
    parameter = WEIGHT.clone().requires_grad_()
    parameter.grad = WEIGHT * 2
    student = student_of({"weight": tensor_to_plain(parameter)})
    outcome = student.new.Net()(1, then=Backward(UPSTREAM))
    outcome.gradients(0, {"weight": WEIGHT * 2})
    assert outcome.looked == {"grad:0"}  # so that mistakes which show there alone have names
    with pytest.raises(CheckFailed, match="gradient of the model's weight is not what it should be"):
        outcome.gradients(0, {"weight": WEIGHT})
    with pytest.raises(CheckFailed, match="No gradient reaches the model's other"):
        outcome.gradients(0, {"other": WEIGHT})


@pytest.mark.parametrize(
    ("grad", "is_left"), [(None, False), (WEIGHT * 0, False), (WEIGHT, True), (WEIGHT * torch.nan, True)]
)
@pytest.mark.parametrize("of", ["a learner's object", "a module that the check gave", "a tensor"])
def test_gradients_that_are_left_in_an_argument_fail_the_check(grad: Any, is_left: bool, of: str) -> None:
    parameter = WEIGHT.clone().requires_grad_()
    parameter.grad = grad
    plain = tensor_to_plain(parameter)
    layer = Build("torch.nn.Linear", (6, 3), state={"weight": WEIGHT})
    outcome = {
        "a learner's object": lambda: student_of(({"weight": plain},)).new.Net()(1),
        "a module that the check gave": lambda: student_of({"weight": plain}).fit(layer),
        "a tensor": lambda: student_of(plain).fit(WEIGHT),
    }[of]()
    said = ""
    try:
        outcome.resets_gradient(0, "the model")
    except CheckFailed as failure:
        said = failure.finding.summary
    expected = "The gradient of the model is not reset." if of == "a tensor" else "The model has gradients afterwards."
    assert said == (expected if is_left else "")


def given(student: Student) -> list[Any]:
    net: Any = student.new.Net(torch.ones(2))
    inside = Build("torch.nn.Sequential", (net,))
    return [net, [net], inside, Build("torch.optim.SGD", (Parameters(net),), {"lr": 0.1}), Parameters(net)]


@pytest.mark.parametrize("number", range(5))
def test_nobody_makes_a_learner_s_object_the_grader_s_fault(number: int) -> None:
    student = student_of(Raised("build", "ValueError", "it was you"))
    with pytest.raises(CheckFailed, match="can't be made where your code runs"):
        student.fit(given(student)[number], torch.ones(2)).settle()
    with pytest.raises(CheckFailed, match="can't be made where your code runs"):
        student.new.Net(given(student)[number]).forward(given(student)[number]).settle()


@pytest.mark.parametrize("path", ["torch.optim.SDG", "os.system", "torch.nn._x", "torch"])
def test_what_a_check_names_wrongly_stays_its_own_fault(path: str) -> None:
    student = student_of(Raised("build", "ValueError", "no such thing"))
    net: Any = student.new.Net()
    for wrong in (Build(path, (Parameters(net),)), Build(path)):
        with pytest.raises(BrokenCheck):
            student.fit(student.new.Net(), wrong).settle()


def failure(answer: Raised, *, of_object: bool) -> CheckFailed:
    student = student_of(answer)
    net = student.new.Net()
    with pytest.raises(CheckFailed) as failed:
        (net.forward(1) if of_object else student.fit(net, 1)).settle()
    return failed.value


def test_a_class_that_is_missing_is_told_as_such() -> None:
    missing = Raised("missing", "NameError", "Net is not defined")
    of_object, of_function = (failure(missing, of_object=each) for each in (True, False))
    assert of_object.finding.summary == "There is no class Net in lesson.py: Net is not defined."
    assert of_function.finding.summary == "fit is given an object of Net, and Net is not defined."
    assert {of_object.status, of_function.status} == {CheckStatus.TODO}
    no_function = failure(Raised("missing", "NameError", "fit is not defined"), of_object=False)
    assert no_function.finding.summary == "There is no function fit in lesson.py: fit is not defined."


def test_only_what_came_from_no_line_of_theirs_is_unlike() -> None:
    unlike = Raised("call", "Unlike", "There is no parameter or buffer weight")
    assert failure(unlike, of_object=True).finding.summary.startswith("This object of Net can't be filled. There is no")
    assert failure(unlike, of_object=False).finding.summary.startswith("What fit is given here can't be filled.")
    own = Raised("call", "Unlike", "All is well", (CodeLine("lesson", 3, "Net.__init__"),))
    assert "All is well" not in failure(own, of_object=True).finding.summary


def test_a_function_that_was_not_reached_is_not_shown() -> None:
    empty = Raised("call", "ValueError", "optimizer got an empty parameter list")
    assert "where" not in dict(failure(empty, of_object=False).finding.facts)
