"""Exercises that are run from what they reach alone, with hidden checks: points, status, and where a line stands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.slow

COURSE = """
[course]
id = "small"
name = "A course of three exercises"

[assignments.numbers]
title = "Numbers"
modules.numbers.title = "Numbers"

[assignments.numbers.limits]
exercise_seconds = 1.5
import_seconds = 1
submission_seconds = 8

[assignments.numbers.exercises.double]
module = "numbers"
title = "Twice as much"
points = 2
hints = ["Add it to itself."]

[assignments.numbers.exercises.half]
module = "numbers"
title = "Half as much"
points = 1
hints = ["What makes two of it?"]

[assignments.numbers.exercises.four_times]
module = "numbers"
title = "Twice twice as much"
points = 4
needs = ["double"]
hints = ["Call double."]
"""
DOUBLE, HALF = "def double(x):\n    return 2 * x\n", "def half(x):\n    return x / 2\n"
FOUR_TIMES = "def four_times(x):\n    return double(double(x))\n"
HIDDEN = "from grader.checks import check\nfrom solutions.numbers.numbers import double, four_times, half\n" + "".join(
    f'\n\n@check("{name}")\ndef test_{name}(student, draw):\n    """gives the right number"""\n'
    f"    x = draw.tensor(3)\n    student.{name}(x).returns({name}(x))\n"
    for name in ("double", "half", "four_times")
)
# Grades what comes as JSON, and tells status, points and finding of each exercise, and what was doubtful.
GRADE = """
import json, sys
from pathlib import Path

from grader.reading.module_text import Line, ModuleSource
from grader.grading.submission import Submission
from grader.course.load import load_course
from grader.grading.diagnose import Diagnosis
from grader.sandbox.host.machine import Isolation
from grader.grading.grade_one import Grader
from grader.sandbox.host.zygote_client import Zygote
from grader.reading.read import Reading
from grader.reading.source_facts import facts_of
from grader.grading.collected_checks import run_hidden

root, told = Path(sys.argv[1]), json.load(sys.stdin)
assignment = load_course(root).assignments["numbers"]


def source(text, lines=()):
    return ModuleSource("numbers", text, tuple(Line(*line) for line in lines))


def grade(checks):
    grader = Grader(assignment, checks, zygote, 1, "cpu", Diagnosis.of(root, assignment, checks))
    for each in told:
        alone = {name: {"numbers": source(*one)} for name, one in each["alone"].items()}
        whole = {"numbers": source(*each["whole"])}
        read = {name: alone.get(name, whole)["numbers"] for name in assignment.exercises}
        facts = {name: facts_of(text, name, (), True) for name, text in read.items()}
        result = grader.grade(Submission("ada", Reading(whole, {}, alone=alone), facts, ""))
        found.append({e.id: [e.status.value, e.score, e.feedback] for e in result.exercises} | {"fault": grader.fault})


found = []
with Zygote(Isolation(), assignment.limits) as zygote:
    run_hidden(root, assignment, grade)
Path(sys.argv[2]).write_text(json.dumps(found))
"""
RIGHT = {"double": DOUBLE, "half": HALF, "four_times": DOUBLE + FOUR_TIMES}
ENDLESS = "def double(x):\n    while True: pass\n"
SUBMISSIONS: dict[str, tuple[str, Mapping[str, str]]] = {
    "right": (DOUBLE + HALF + FOUR_TIMES, {}),
    "raises at its end": (f"{DOUBLE}{HALF}{FOUR_TIMES}1 / 0\n", RIGHT),
    "hangs at its end": (f"{DOUBLE}{HALF}{FOUR_TIMES}while True: pass\n", RIGHT),
    "one is out of reach": (f"import math.nothing\n{DOUBLE}{HALF}", {**RIGHT, "half": f"import math.nothing\n{HALF}"}),
    "one has nothing of its own": (f"1 / 0\n{DOUBLE}", {"double": DOUBLE, "four_times": DOUBLE + FOUR_TIMES}),
    "wrong, and breaks": (f"{DOUBLE}1 / 0\n", {**RIGHT, "half": "def half(x):\n    return x / 3\n"}),
    "endless": (ENDLESS + HALF + FOUR_TIMES, {}),
    "endless, and not needed": (f"{ENDLESS}{HALF}def four_times(x):\n    return 4 * x\n", {}),
    "endless alone": (f"{DOUBLE}1 / 0\n", {**RIGHT, "double": ENDLESS, "four_times": ENDLESS + FOUR_TIMES}),
    "a notebook": ("raise RuntimeError('never run')\n", RIGHT),
}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("course")
    files = {
        "course.toml": COURSE,
        "solutions/numbers/numbers.py": DOUBLE + HALF + FOUR_TIMES,
        "solutions/numbers/hidden/test_numbers.py": HIDDEN,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    handed_in = [
        {
            "whole": [whole, [[3, 1]] if student == "a notebook" else []],
            "alone": {
                name: [text, [[7, number + 20] for number in range(text.count("\n"))]] for name, text in alone.items()
            },
        }
        for student, (whole, alone) in SUBMISSIONS.items()
    ]
    command = [sys.executable, "-c", GRADE, str(folder), str(folder / "found")]
    done = subprocess.run(
        command, input=json.dumps(handed_in), text=True, timeout=300, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(SUBMISSIONS, json.loads((folder / "found").read_text()), strict=True))


def statuses(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: found[name][0] for name in ("double", "half", "four_times")}


ALL = dict.fromkeys(("double", "half", "four_times"), "passed")


@pytest.mark.parametrize("student", ["right", "raises at its end", "hangs at its end", "a notebook"])
def test_a_top_level_line_that_no_exercise_reaches_costs_nobody_a_point_and_nothing_is_said(
    found: dict[str, dict[str, Any]], student: str
) -> None:
    assert statuses(found[student]) == ALL
    assert [found[student][name][1:] for name in ALL] == [[2, ""], [1, ""], [4, ""]]


def test_what_an_exercise_reaches_and_can_not_be_had_is_told_there_and_only_there(
    found: dict[str, dict[str, Any]],
) -> None:
    mine = found["one is out of reach"]
    assert statuses(mine) == {**ALL, "half": "failed"}
    assert mine["half"][2].startswith("What half needs can't be defined.")
    assert "cell 7, line 20:  import math.nothing" in mine["half"][2]


def test_an_exercise_that_has_nothing_of_its_own_tells_why_its_module_can_not_be_imported(
    found: dict[str, dict[str, Any]],
) -> None:
    mine = found["one has nothing of its own"]
    assert statuses(mine) == {**ALL, "half": "failed"}
    assert "numbers.py can't be imported" in mine["half"][2]
    assert "numbers.py, line 1:  1 / 0" in mine["half"][2]


def test_a_wrong_exercise_is_told_its_own_mistake_and_not_that_of_its_module(found: dict[str, dict[str, Any]]) -> None:
    mine = found["wrong, and breaks"]
    assert statuses(mine) == {**ALL, "half": "failed"}
    assert "import" not in mine["half"][2]
    assert "ZeroDivisionError" not in mine["half"][2]
    assert "cell 7, line 21:  return x / 3" in mine["half"][2]


@pytest.mark.parametrize("student", ["endless", "endless alone"])
def test_what_needs_an_endless_exercise_is_blocked_by_it(found: dict[str, dict[str, Any]], student: str) -> None:
    assert statuses(found[student]) == {"double": "timed_out", "half": "passed", "four_times": "blocked"}
    assert "double" in found[student]["four_times"][2]
    assert "ran out of time" not in found[student]["four_times"][2]


def test_what_does_without_the_endless_exercise_that_it_may_use_keeps_its_points(
    found: dict[str, dict[str, Any]],
) -> None:
    mine = found["endless, and not needed"]
    assert statuses(mine) == {"double": "timed_out", "half": "passed", "four_times": "passed"}
    assert mine["four_times"][1] == 4


def test_nothing_of_it_is_our_mistake(found: dict[str, dict[str, Any]]) -> None:
    assert {student: each["fault"] for student, each in found.items()} == dict.fromkeys(SUBMISSIONS, "")
