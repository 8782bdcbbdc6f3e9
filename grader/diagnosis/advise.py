"""A word of advice for right answers in a style that works but is unsafe. It costs no points."""

from __future__ import annotations

from grader.course import Exercise
from grader.diagnosis.bank import Bank
from grader.diagnosis.written import definition, says_yes


def advice(bank: Bank, exercise: Exercise, source: str) -> tuple[str, ...]:
    """What is to be said of how an exercise is written, by the styles in the bank; each thing once."""
    node = definition(source, exercise.function)
    styles = [way for way in bank.right.get(exercise.id, ()) if way.advice and way.is_written]
    found = (way.advice for way in styles if way.is_written and says_yes(way.is_written, node))
    return tuple(dict.fromkeys(found))
