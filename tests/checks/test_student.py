"""What a check gets for its calls: outcomes that are awaited when they are looked at, or at the end of the check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.checks import CheckFailed, Function, Student
from grader.checks.transport import Source
from grader.core.records import CheckStatus
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
