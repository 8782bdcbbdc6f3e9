"""The bank is read as it is written, and everything that is wrong with it is a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.assignment import Assignment
from grader.core.errors import BankError
from grader.grading.bank import load_bank
from tests.diagnosis.conftest import mistake, write

Of = Callable[[Path], Assignment]
BANK = Path("solutions/sums")


def test_a_mistake_has_its_words_its_ways_and_its_part_of_the_lesson(course: Path, assignment_of: Of) -> None:
    write(course / BANK / "mistakes/total/mean__numpy.py", '"""By NumPy."""\n\ndef total(numbers):\n    return 1\n')
    found = {each.id: each for each in load_bank(course, assignment_of(course)).mistakes["total"]}
    assert list(found) == ["first_only", "last_left_out", "mean"]
    assert found["mean"].says == "That is the mean. The sum is asked for."
    assert found["mean"].shows == "Other numbers."
    assert [way.name for way in found["mean"].ways] == ["mean", "mean__numpy"]
    assert found["mean"].told.part == "the lesson, “Adding up” (lesson.html#adding)"


def test_a_field_goes_on_over_several_lines(course: Path, assignment_of: Of) -> None:
    text = mistake("T.", "One\nand two.", "return 1")
    write(course / BANK / "mistakes/total/one.py", text)
    found = {each.id: each for each in load_bank(course, assignment_of(course)).mistakes["total"]}
    assert found["one"].says == "One and two."


def test_a_lesson_without_a_bank_has_an_empty_one(course: Path, assignment_of: Of) -> None:
    for path in (course / BANK / "mistakes/total").glob("*.py"):
        path.unlink()
    bank = load_bank(course, assignment_of(course))
    assert bank.mistakes == bank.right == {"total": ()}


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("mistakes/total/x.py", '"""T."""\ndef total(n): ...', "x.py: its docstring has no field Shows, Says, Lesson."),
        ("mistakes/total/x.py", "def total(n): ...", "has no docstring that says what is special about it"),
        ("mistakes/total/x.py", '"""T."""\ndef totl(n): ...', "expected a definition of total, found none"),
        ("mistakes/total/x.py", "def total(", "can't be read as Python"),
        ("mistakes/total/x__y.py", '"""T."""\ndef total(n): ...', "another way to a mistake that has no file x.py"),
        ("mistakes/totl/x.py", "", 'the assignment has no exercise "totl". Did you mean "total"?'),
        (
            "right/total/x.py",
            '"""T.\n\nAdvice: No.\n"""\ndef total(n): ...',
            "gives advice, and has no function is_written",
        ),
        (
            "mistakes/total/x.py",
            mistake("T.", "S.", "return 1", lesson="ading"),
            'the lesson has no part "ading". Did you mean "adding"?',
        ),
    ],
)
def test_what_is_wrong_is_said(course: Path, assignment_of: Of, file: str, text: str, words: str) -> None:
    write(course / BANK / file, text)
    with pytest.raises(BankError) as raised:
        load_bank(course, assignment_of(course))
    assert words in str(raised.value)
    assert str(raised.value).startswith("solutions/sums/")
