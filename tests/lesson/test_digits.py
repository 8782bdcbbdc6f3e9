"""The second lesson: its demonstrations print what is said, its figures are what the script draws, and what its text
says in words is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from grader.course.load import load_course
from grader.grading.bank import load_bank
from solutions.digits.figures import DRAWINGS, draw_all
from tests.lesson.lesson_text import ROOT, Lesson, read_lesson, same

pytestmark = pytest.mark.slow

FOLDER = ROOT / "exercises" / "digits"
ASSIGNMENT = load_course(ROOT).assignments["digits"]
# Runs the pieces that it reads, after the reference solutions, as a notebook in the lesson's folder does.
RUN = """
import json, sys, types
from tests.lesson.lesson_text import _run
space = {"__name__": "lesson"}
for module in ("from_scratch", "with_torch"):
    solved = types.ModuleType(module)
    exec(open(f"{sys.argv[1]}/{module}.py", encoding="utf-8").read(), solved.__dict__)
    space.update({name: value for name, value in vars(solved).items() if getattr(value, "__module__", "") == module})
print(json.dumps([_run(code, space) for code in json.load(sys.stdin)]))
"""


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return read_lesson(FOLDER / "lesson.md")


@pytest.mark.soak
def test_the_demonstrations_print_what_they_are_said_to_print(lesson: Lesson) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, str(ROOT / "solutions" / "digits")],
        input=json.dumps([each.code for each in lesson.demonstrations]), cwd=FOLDER, env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for each, found in zip(lesson.demonstrations, json.loads(done.stdout), strict=True):
        assert same(each.output or "", found), f"lesson.md, line {each.line}: it prints\n{found}"


def test_the_figures_are_what_the_script_draws_and_told_in_words(lesson: Lesson) -> None:
    drawn = draw_all()
    there = {path.name: path.read_bytes() for path in (FOLDER / "figures").iterdir()}
    assert set(there) == set(drawn)
    assert [name for name, content in drawn.items() if there[name] != content] == []
    assert sorted(target for _, target in lesson.figures) == sorted(f"figures/{name}.svg" for name in DRAWINGS)
    for words, target in lesson.figures:
        assert len(words.split()) >= 25, f"{target}: say what is to be seen"
    for name, content in drawn.items():
        assert b"<image" not in content, name
        assert len(content) < 100_000, f"{name} is too heavy a file"


def test_every_mistake_leads_to_a_part_of_the_lesson_and_is_told_kindly(lesson: Lesson) -> None:
    anchors = {name for name, _ in lesson.anchors}
    mistakes = [each for found in load_bank(ROOT, ASSIGNMENT).mistakes.values() for each in found]
    assert len(mistakes) >= 100
    for each in mistakes:
        assert each.lesson in anchors, each.id
        assert 30 <= len(each.says) <= 320, each.id
        assert each.says.endswith("."), each.id
        assert not re.search(r"\b(?:you should have|you forgot|obviously|simply|just|stupid)\b", each.says), each.id


def test_every_exercise_has_three_mistakes_and_two_right_answers() -> None:
    bank = load_bank(ROOT, ASSIGNMENT)
    for exercise in ASSIGNMENT.exercises:
        assert len(bank.mistakes[exercise]) >= 3, exercise
        assert len(bank.right[exercise]) >= 2, exercise


def test_before_the_second_half_nothing_mentions_its_landmarks(lesson: Lesson) -> None:
    first, second = lesson.text.split('<a id="the-same-again-with-pytorchs-own-parts"></a>')
    told = re.findall(r"(?m)^#+ .*$", first) + re.findall(r"(?s)```python\n(.*?)```", first)
    for landmark in ASSIGNMENT.modules["with_torch"].notebook_landmarks:
        assert not [text for text in told if landmark in text], landmark
        assert landmark in second or landmark == "torch.optim"
