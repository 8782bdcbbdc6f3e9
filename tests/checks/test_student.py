"""What a check gets for its calls: outcomes that are awaited when they are looked at, or at the end of the check."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from grader.checks import CheckFailed, Function, Student
from grader.checks.transport import Source
from grader.core.records import CheckStatus
from grader.sandbox.inside.materialize import arguments_to_plain
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply


class Slowly:
    """Answers 7 to every call but those with a negative number, and only when it is asked to."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.awaited: list[int] = []

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        number = call.args[0]
        self.sent.append(number)

        def answer() -> tuple[Reply | Raised, str]:
            self.awaited.append(number)
            return (
                Reply(7, (None,)) if number >= 0 else Raised("call", "ValueError", f"no {number}")
            ), f"saw {number}\n"

        return answer

    def line_of(self, place: CodeLine) -> str:
        return f"{place.module}.py, line {place.line}"

    def definition(self, _module: str, _function: str) -> CodeLine | None:
        return None

    def source(self, module: str, _function: str) -> Source:
        return Source(f"{module}.py")


def asked(numbers: list[int], *, ahead: bool) -> tuple[Slowly, Student]:
    transport = Slowly()
    student = Student(transport, {"f": Function("m")}, ahead=ahead)
    for number in numbers:
        student.f(number)
    return transport, student


def test_ahead_everything_is_sent_before_anything_is_awaited() -> None:
    transport, student = asked([1, 2, 3], ahead=True)
    assert (transport.sent, transport.awaited) == ([1, 2, 3], [])
    student.settle()
    assert transport.awaited == [1, 2, 3]


def test_an_outcome_is_awaited_once_when_it_is_first_looked_at() -> None:
    transport = Slowly()
    student = Student(transport, {"f": Function("m")}, ahead=True)
    first, second = student.f(1), student.f(2)
    assert second.printed == "saw 2\n"
    assert second.value == 7
    second.returns(7)
    assert transport.awaited == [2]
    assert first.value == 7
    student.settle()
    assert transport.awaited == [2, 1]


class Nested(Slowly):
    """Answers every call with a tuple of a number and a dict."""

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        super().send(call)

        def answer() -> tuple[Reply | Raised, str]:
            self.awaited.append(call.args[0])
            return Reply((3, {"loss": 0.5, "history": [1.0, 0.5]}), (None,)), ""

        return answer


def test_a_part_of_a_result_can_be_expected_alone_and_the_call_is_still_awaited_once() -> None:
    transport = Nested()
    outcome = Student(transport, {"f": Function("m")}, ahead=True).f(1)
    outcome.part(0).returns(3)
    outcome.part(1, "loss").returns(0.5)
    outcome.part(1).part("history", 1).returns(0.5)
    assert outcome.part(1, "history").value == [1.0, 0.5]
    assert outcome.value == (3, {"loss": 0.5, "history": [1.0, 0.5]})
    assert transport.awaited == [1]


@pytest.mark.parametrize(
    ("path", "expected", "said"),
    [
        ((0,), 4, "The first value of the result should be 4, but it is 3."),
        ((1, "loss"), 0.25, "'loss' of the second value of the result should be 0.25, but it is 0.5."),
        ((1, "history", 0), 2.0, "The first value of 'history' of the second value of the result should be 2, but it"),
        ((2,), 1, "The result should have a third value, but it is (3, {'loss': 0.5, 'history': [1, 0.5]})."),
        (
            (1, "accuracy"),
            1.0,
            "The second value of the result should have 'accuracy', but it is {'loss': 0.5, 'history': [1, 0.5]}.",
        ),
        ((0, "loss"), 1.0, "The first value of the result should have 'loss', but it is 3."),
        (("loss",), 1.0, "The result should have 'loss', but it is (3, {'loss': 0.5, 'history': [1, 0.5]})."),
    ],
)
def test_a_part_that_is_wrong_or_missing_is_named(path: tuple[int | str, ...], expected: object, said: str) -> None:
    outcome = Student(Nested(), {"f": Function("m")}, ahead=True).f(1)
    with pytest.raises(CheckFailed) as failed:
        outcome.part(*path).returns(expected)
    assert failed.value.finding.summary.startswith(said)


def test_without_it_a_call_fails_where_it_is_made() -> None:
    with pytest.raises(CheckFailed, match="no -1"):
        asked([1, -1, 2], ahead=False)


def test_a_call_that_nobody_looked_at_fails_the_check_at_its_end() -> None:
    transport, student = asked([1, -1, -2], ahead=True)
    with pytest.raises(CheckFailed, match="no -1") as failed:
        student.settle()
    assert failed.value.status is CheckStatus.FAILED
    assert transport.awaited == [1, -1, -2]
    student.settle()


def test_an_object_that_is_given_twice_stays_one() -> None:
    tensor = torch.ones(2)
    plain = arguments_to_plain((tensor, [tensor], torch.ones(2)))
    assert plain[0] is plain[1][0]
    assert plain[0] is not plain[2]
