"""Running one hidden check: what it leaves unsaid is settled at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import Draw, Function, Student
from grader.checks.scoring import CheckOutcome
from grader.checks.transport import Source
from grader.core.assignment import find_assignment
from grader.core.records import CheckStatus
from grader.course.load import load_course
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply

pytestmark = pytest.mark.slow

COURSE = """
[course]
id = "c"
name = "C"

[assignments.one]
title = "One"

[assignments.one.modules.m]
title = "M"

[assignments.one.exercises.f]
title = "F"
module = "m"
points = 1
hints = ["h"]
"""
CHECKS = '''
from grader.checks import check

@check("f")
def test_looks_at_nothing(student, draw):
    """can be called"""
    student.f(1)
'''


class Fixed:
    """Gives one answer to every call."""

    def __init__(self, answer: Reply | Raised) -> None:
        self.answer = answer

    def send(self, _call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        return lambda: (self.answer, "")

    def line_of(self, place: CodeLine) -> str:
        return place.module

    def definition(self, _module: str, _function: str) -> CodeLine | None:
        return None

    def source(self, module: str, _function: str) -> Source:
        return Source(f"{module}.py")


def outcome_of(root: Path, answer: Reply | Raised) -> CheckOutcome:
    hidden = root / "solutions" / "one" / "hidden"
    hidden.mkdir(parents=True)
    (root / "course.toml").write_text(COURSE)
    (hidden.parent / "m.py").write_text("def f(x):\n    return x\n")
    (hidden / "test_f.py").write_text(CHECKS)
    assignment = find_assignment(load_course(root), "one")
    outcomes = []

    def body(checks: CollectedChecks) -> None:
        [(item, info)] = checks.items["f"]
        student = Student(Fixed(answer), {"f": Function("m")}, ahead=True)
        outcomes.append(checks.run(item, info, student, Draw(0)))

    run_hidden(root, assignment, body)
    return outcomes[0]


def test_a_call_that_the_check_did_not_look_at_fails_it_when_it_raised(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, Raised("call", "ValueError", "not today"))
    assert outcome.status is CheckStatus.FAILED
    assert outcome.finding is not None
    assert "not today" in "\n".join(outcome.finding.lines())


def test_a_call_that_the_check_did_not_look_at_is_fine_when_it_came_back(tmp_path: Path) -> None:
    assert outcome_of(tmp_path, Reply(None, (None,))).status is CheckStatus.PASSED
