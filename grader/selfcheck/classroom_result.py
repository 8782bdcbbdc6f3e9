"""The result that GitHub Classroom reads: base64 of JSON, as its own test runners write it.

The format is that of `Results` in runner/data.py of classroom-resources/autograding-python-grader, version 3, and what
src/main.js, console-results.js and notify-classroom.js of classroom-resources/autograding-grading-reporter read: the
points are the sum of `tests[].score`, of `max_score`. `test_code` is printed in the log, and stays empty.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grader.core.sanitize import sanitized

Status = Literal["pass", "fail", "error"]
_LONGEST = 1000


@dataclass(frozen=True)
class Test:
    """One exercise. `error` says that it was not graded: the score is none."""

    name: str
    status: Status
    score: float
    message: str = ""


def classroom_result(tests: Sequence[Test], max_score: float) -> dict[str, Any]:
    """All exercises of one learner."""
    found = {test.status for test in tests}
    status: Status = "error" if "error" in found else "fail" if "fail" in found else "pass"
    result: dict[str, Any] = {
        "version": 3,
        "status": status,
        "max_score": _number(max_score),
        "tests": [_test(test) for test in tests],
    }
    if status == "error":
        result["message"] = next(_line(test.message) for test in tests if test.status == "error")
    return result


def encoded(result: dict[str, Any]) -> str:
    """The result as a step's output holds it: one line."""
    return base64.b64encode(json.dumps(result, allow_nan=False).encode()).decode()


def _test(test: Test) -> dict[str, Any]:
    shown = {
        "name": _line(test.name),
        "status": test.status,
        "test_code": "",
        "task_id": 0,
        "filename": "",
        "line_no": 0,
        "duration": 0.0,
        "score": _number(test.score),
    }
    return {**shown, "message": _line(test.message)} if test.status != "pass" and test.message else shown


def _line(text: str) -> str:
    """One line: in a workflow's log, a line that begins with two colons would be a command."""
    return sanitized(text, _LONGEST).replace("::", ": :")


def _number(value: float) -> float | int:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded
