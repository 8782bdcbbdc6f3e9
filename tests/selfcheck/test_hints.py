"""Hints come one at a time, from the gentle to the plain."""

import json
import subprocess
import sys

import pytest

from grader.core.assignment import Exercise
from grader.selfcheck.report import hint_text
from tests.selfcheck.conftest import LESSON, ROOT, surroundings

pytestmark = pytest.mark.slow

KEPT = f"exercises/{LESSON}/.hints.json"


def asked(course, *arguments, cwd=""):
    return course.run(*(arguments or ("exercises", "--hint", "mse")), cwd=cwd)


def test_each_call_shows_the_next_one_and_after_the_last_all_of_them(course):
    said = [asked(course) for _ in range(4)]
    assert [ran.code for ran in said] == [0] * 4
    for number, ran in enumerate(said[:3], start=1):
        assert f"Hint {number} of 3 for mse, The mean squared error:" in ran.out
    assert "Next hint: pytest exercises --hint mse" in said[0].out
    assert "That was the last one." in said[2].out
    assert "All 3 hints for mse" in said[3].out
    assert all(f"{number}. " in said[3].out for number in (1, 2, 3))


@pytest.mark.parametrize("words", range(1, 60, 7))
def test_each_hint_of_a_list_stands_beside_its_number(tmp_path, words):
    hints = tuple(" ".join([f"word{number}"] * words) for number in (1, 2, 3))
    (tmp_path / ".hints.json").mkdir()  # nothing can be kept: all are shown
    text = hint_text(
        tmp_path,
        Exercise(id="mse", module="loss", function="mse", title="The loss", points=3, hints=hints),
        "pytest exercises",
    )
    listed = [line for line in text.splitlines() if "word" in line]
    assert {line.index("word") for line in listed} == {5}
    assert [line[:5] for line in listed if line[:5].strip()] == ["  1. ", "  2. ", "  3. "]


def test_each_exercise_is_counted_by_itself_and_nothing_is_tried(course):
    asked(course)
    assert "Hint 1 of 3 for fit" in asked(course, "--hint", "fit", cwd="exercises").out
    ran = asked(course)
    assert "Hint 2 of 3 for mse" in ran.out
    assert "points" not in ran.out
    assert json.loads((course.folder / KEPT).read_text()) == {"mse": 2, "fit": 1}


def test_an_unknown_exercise_is_a_sentence(course):
    ran = asked(course, "exercises", "--hint", "mes")
    assert ran.code == 4
    assert 'There is no exercise "mes". Did you mean "mse"?' in ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err


def test_where_nothing_can_be_kept_all_are_shown(course):
    (course.folder / KEPT).mkdir()
    assert "All 3 hints for mse" in asked(course).out


def test_a_damaged_count_begins_again(course):
    (course.folder / KEPT).write_text('{"mse": "many", "fit": -1}')
    assert "Hint 1 of 3 for mse" in asked(course).out
    (course.folder / KEPT).write_bytes(b"\xff")
    assert "Hint 1 of 3 for mse" in asked(course).out


@pytest.mark.parametrize("written", ["lambda a, b: (a - b).sum() * a.sum() * 7", "lambda a, b: undefined_name"])
def test_in_a_notebook_too_each_call_shows_one_more(course, written):
    """None where hints can't help."""
    calls = "\n".join(['print(check("mse", hints=True))', 'print("----")'] * 4)
    text = f"from grader.selfcheck.notebook import check\nmse = {written}\n{calls}\nprint(check('mse'))"
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=course.folder, env=surroundings(PYTHONPATH=str(ROOT)),
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    *asked, unasked = done.stdout.split("----")
    first = unasked.count("Hint: ")
    if "undefined" in written:
        assert [said.count("Hint: ") for said in asked] == [0] * 4
        assert not (course.folder / KEPT).exists()
    else:
        assert first == 1
        assert [said.count("Hint: ") for said in asked] == [2, 3, 3, 3]
        assert ["More hints:" in said for said in asked] == [True, False, False, False]
        assert "Hint 3 of 3" not in course.run("exercises", "--hint", "mse").out  # the same count
