"""What a check is written with.

A check is an ordinary pytest test that says which exercise it belongs to. It calls the learner's functions through the
`student` fixture and says what it expects of the outcome; the same style serves the visible self-check (in process)
and the hidden run (over the wire), because the fixture decides:

    from grader.checks import check

    @check("mse", points=2)
    def test_values(student, draw):
        "averages over every element"
        a, b = draw.tensor(4, 3), draw.tensor(4, 3)
        student.mse(a, b).returns(((a - b) ** 2).mean())

A check's docstring says, as the end of "`mse` ...", what a right answer does; a learner may read it. A check with
`points` earns its share of the exercise's points. A `guard` earns nothing and takes a share away when it fails: for
what an empty or constant function gets right as well. It only matters where something was earned.
"""

from grader.checks.compare import EXACT, RIGHT, Tolerance
from grader.checks.marks import CheckFailed, CheckInfo, check, guard, info_of, variant
from grader.checks.outcome import Outcome
from grader.checks.student import Draw, Instance, Student, attribute_of, call_method, load_state, real, state_of
from grader.checks.transport import Function, Transport
from grader.sandbox.protocol.messages import Backward, Iterate
from grader.sandbox.protocol.plain import Build, Lookup, Opaque, Parameters

__all__ = [
    "EXACT",
    "RIGHT",
    "Backward",
    "Build",
    "CheckFailed",
    "CheckInfo",
    "Draw",
    "Function",
    "Instance",
    "Iterate",
    "Lookup",
    "Opaque",
    "Outcome",
    "Parameters",
    "Student",
    "Tolerance",
    "Transport",
    "attribute_of",
    "call_method",
    "check",
    "guard",
    "info_of",
    "load_state",
    "real",
    "state_of",
    "variant",
]
