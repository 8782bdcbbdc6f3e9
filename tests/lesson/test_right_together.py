"""A learner has one answer to each exercise: right ones stay right beside each other, whichever come together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest

from grader.core.assignment import Assignment
from grader.course.load import load_course
from grader.grading.bank import Bank, Implementation, load_bank, reference
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.grading.local_run import implemented, run_locally
from grader.sandbox.inside.warmup import first_steps

ROOT = Path(__file__).resolve().parents[2]
COURSE = load_course(ROOT)


def needed(assignment: Assignment, exercise: str) -> set[str]:
    """An exercise and all that it needs, however indirectly."""
    return {exercise}.union(*(needed(assignment, need) for need in assignment.exercises[exercise].needs))


def defined(answer: Implementation) -> set[str]:
    """The names that the text of an answer gives anything, but for the modules that it imports."""
    nodes = [node for node in ast.walk(ast.parse(answer.source)) if not isinstance(node, ast.Import | ast.ImportFrom)]
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return named | {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def by_keyword(answer: Implementation) -> set[str]:
    """The functions that are called with the names of their parameters, which are others in another answer."""
    calls = [node for node in ast.walk(ast.parse(answer.source)) if isinstance(node, ast.Call) and node.keywords]
    return {call.func.id for call in calls if isinstance(call.func, ast.Name)}


def together(assignment: Assignment, bank: Bank) -> Iterator[tuple[str, dict[str, Implementation]]]:
    """Each exercise with two answers of the bank, to itself or to what it needs, that don't take each other's names."""
    for exercise in assignment.exercises:
        for one, other in combinations(sorted(needed(assignment, exercise)), 2):
            for first, second in product(bank.right[one], bank.right[other]):
                clash = defined(first) & defined(second)
                asked = by_keyword(first) & {other} or by_keyword(second) & {one}
                if not clash and not asked:
                    yield exercise, {one: first, other: second}


@pytest.mark.parametrize(
    "lesson",
    [pytest.param("linear_regression", marks=pytest.mark.soak), pytest.param("digits", marks=pytest.mark.slow)],
)
def test_right_answers_stay_right_beside_each_other(lesson: str) -> None:
    assignment = COURSE.assignments[lesson]
    bank, sources = load_bank(ROOT, assignment), reference(ROOT, assignment)
    wrong: list[str] = []
    tried = 0

    def body(checks: CollectedChecks) -> None:
        nonlocal tried
        first_steps()
        for exercise, answers in together(assignment, bank):
            texts = dict(sources)
            for name, answer in answers.items():
                texts = implemented(texts, assignment.exercises[name].module, answer.source)
            result = run_locally(checks, assignment, assignment.exercises[exercise], texts, 1, seconds=10).result
            tried += 1
            if result.score < result.max_score:
                said = result.finding.summary if result.finding else result.status
                wrong.append(f"{exercise}: {', '.join(f'{k}/{v.name}' for k, v in answers.items())}: {said}")

    run_hidden(ROOT, assignment, body)
    print(f"{tried} pairs")
    assert tried > 20
    assert wrong == []
