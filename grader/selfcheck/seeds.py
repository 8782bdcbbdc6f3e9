"""The seeds of the self-check: the same inputs on every run, on every machine."""

from __future__ import annotations

from grader.checks.draw import derive


def calls_seed(exercise: str, check: str) -> int:
    """For the random numbers that a learner's function may draw."""
    return derive("calls", exercise, check)


def draw_seed(lesson: str, exercise: str, check: str) -> int:
    """For the inputs of a check."""
    return derive("self-check", lesson, exercise, check)
