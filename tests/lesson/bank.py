"""The bank of linear regression, for the tests of it."""

from __future__ import annotations

import ast
from pathlib import Path

from grader.course.load import load_course
from grader.grading.bank import load_bank
from tests.lesson.behaviour import BATTERIES

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = load_course(ROOT).assignments["linear_regression"]
BANK = load_bank(ROOT, ASSIGNMENT)
# Those of which these tests know what the lesson says, and what to try. The audit sees to every exercise.
EXERCISES = [exercise for exercise in ASSIGNMENT.exercises if exercise in BATTERIES]


def definition(exercise: str, source: str) -> ast.AST:
    """The node that defines an exercise's function."""
    function = ASSIGNMENT.exercises[exercise].function
    for node in ast.parse(source).body:
        if getattr(node, "name", "") == function:
            return node
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == function for target in node.targets):
            return node
    raise LookupError(exercise)


def reference(exercise: str) -> str:
    """The source of the module with the reference solution."""
    module = ASSIGNMENT.exercises[exercise].module
    return (ROOT / "solutions" / ASSIGNMENT.id / f"{module}.py").read_text(encoding="utf-8")
