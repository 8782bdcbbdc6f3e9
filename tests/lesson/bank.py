"""The bank of linear regression, for the tests of it."""

from __future__ import annotations

import ast
from pathlib import Path

from grader.course.load import load_course
from grader.diagnosis.bank import load_bank

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = load_course(ROOT).assignments["linear_regression"]
BANK = load_bank(ROOT, ASSIGNMENT)
EXERCISES = list(ASSIGNMENT.exercises)


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
