"""A call may take a large multiple of what the reference takes: slow right answers pass, and endless loops cost little."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

COURSE = """
[course]
id = "slow"
name = "A course with a slow reference"

[assignments.numbers]
title = "Numbers"
modules.numbers.title = "Numbers"

[assignments.numbers.limits]
exercise_seconds = 40
submission_seconds = 80
call_seconds = 0.5
reference_multiple = 50

[assignments.numbers.exercises.stretched]
module = "numbers"
title = "Stretched"
points = 2
hints = ["Take your time."]

[assignments.numbers.exercises.doubled]
module = "numbers"
title = "Doubled"
points = 1
hints = ["Add it to itself."]
"""
# Computes for about so many times 20 ms.
WORK = """
import hashlib


def work(times):
    for _ in range(times):
        hashlib.pbkdf2_hmac("sha256", b"", b"", 40_000)


"""
RIGHT = {
    "stretched": "def stretched(x):\n    work(1)\n    return 3 * x\n",
    "doubled": "def doubled(x):\n    return 2 * x\n",
}
HIDDEN = """
from grader.checks import check
from solutions.numbers.numbers import doubled, stretched


@check("stretched")
def test_stretched(student, draw):
    \"\"\"gives the right number\"\"\"
    x = draw.tensor(3)
    student.stretched(x).returns(stretched(x))


@check("doubled")
def test_doubled(student, draw):
    \"\"\"gives the right number\"\"\"
    x = draw.tensor(3)
    student.doubled(x).returns(doubled(x))
"""
ENDLESS = {name: f"def {name}(x):\n    while True: pass\n" for name in RIGHT}
SUBMISSIONS: dict[str, Mapping[str, str]] = {
    "right": RIGHT,
    "slow": {**RIGHT, "stretched": "def stretched(x):\n    work(20)\n    return 3 * x\n"},
    "endless": {**RIGHT, "doubled": ENDLESS["doubled"]},
    "endless_where_time_is_given": {**RIGHT, "stretched": ENDLESS["stretched"]},
    "sleeps": {**RIGHT, "doubled": "import time\n\n\ndef doubled(x):\n    time.sleep(600)\n    return 2 * x\n"},
}


@pytest.fixture(scope="module")
def graded(kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("slow")
    files = {
        "course.toml": COURSE,
        "solutions/numbers/numbers.py": WORK + "\n\n".join(RIGHT.values()),
        "solutions/numbers/hidden/test_numbers.py": HIDDEN,
        **{f"handed_in/{who}/numbers.py": WORK + "\n\n".join(each.values()) for who, each in SUBMISSIONS.items()},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return kit("--course", folder, "grade", folder / "handed_in", "--jobs", 1, out=folder / "out")


def told(graded: Any, who: str, exercise: str) -> tuple[str, str]:
    """Status and feedback of an exercise."""
    record = graded.results[who]["exercises"][exercise]
    return record["status"], record["feedback"]


def test_a_right_answer_twenty_times_as_slow_as_the_reference_has_its_points(graded: Any) -> None:
    assert graded.code == 0, graded.err
    with (graded.out / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student"]: row["score"] for row in csv.DictReader(file)}
    assert (scores["right"], scores["slow"]) == ("3", "3")


@pytest.mark.parametrize("who", ["endless", "sleeps"])
def test_an_endless_call_is_stopped_long_before_the_time_of_its_exercise_is_over(graded: Any, who: str) -> None:
    status, feedback = told(graded, who, "doubled")
    assert status == "timed_out"
    assert re.fullmatch(
        r"One call ran past the 0\.5-second limit for a call\. Most often that is a loop that never ends\.\n"
        r"  called  doubled\(tensor\(\[.+\]\)\)",
        feedback,
    ), feedback
    assert told(graded, who, "stretched") == ("passed", "")


def test_where_the_reference_is_slow_the_limit_is_a_multiple_of_its_time(graded: Any) -> None:
    status, feedback = told(graded, "endless_where_time_is_given", "stretched")
    assert status == "timed_out"
    found = re.fullmatch(
        r"One call ran past the ([\d.]+)-second limit for a call\. Most often .+\n  called  stretched\(.+\)", feedback
    )
    assert found, feedback
    assert 0.5 < float(found[1]) < 40
