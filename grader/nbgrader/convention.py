"""How the cells of an nbgrader notebook are called: the only thing that its author and its grading agree on."""

from __future__ import annotations


def answer_cell(exercise: str) -> str:
    """The grade id of the cell that a learner writes an exercise in."""
    return exercise


def check_cell(exercise: str) -> str:
    """The grade id of the cell that carries an exercise's points."""
    return f"check-{exercise}"
