"""Right answers in many styles really differ, do what the reference does, and get advice where a style is unsafe."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from grader.grading.bank import Implementation
from tests.lesson.bank import ASSIGNMENT, BANK, EXERCISES, definition, reference
from tests.lesson.behaviour import alike, behaviour, implementation

pytestmark = pytest.mark.slow

RIGHT = [right for exercise in EXERCISES for right in BANK.right[exercise]]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_right_answers_do_what_the_reference_does(exercise: str) -> None:
    module, function = ASSIGNMENT.exercises[exercise].module, ASSIGNMENT.exercises[exercise].function
    right = without_what_does_not_matter(behaviour(exercise, implementation(module, function)))
    for each in BANK.right[exercise]:
        does = without_what_does_not_matter(behaviour(exercise, implementation(module, function, each.source)))
        assert alike(does, right), each.name


def without_what_does_not_matter(does: Any) -> Any:
    """Lists for tuples, no gradients left behind, no requires_grad, and no further lines: what any style may differ in."""
    if isinstance(does, tuple) and does[:1] == ("tensor",):
        return does[1]
    if isinstance(does, list | tuple):
        return [without_what_does_not_matter(each) for each in does]
    if isinstance(does, str):
        return does.replace("Training finished.\n", "").replace("tuple", "list").replace("PairLoader", "DataLoader")
    return does


def test_there_are_many_right_answers_of_every_exercise() -> None:
    assert len(RIGHT) >= 80
    assert min(len(BANK.right[exercise]) for exercise in EXERCISES) >= 10


def test_right_answers_differ_when_names_and_formatting_are_taken_away() -> None:
    for exercise in EXERCISES:
        known = {normalised(reference_alone(exercise)): "the reference"}
        for right in BANK.right[exercise]:
            shape = normalised(right.source)
            assert shape not in known, f"{exercise}: {right.name} and {known[shape]}"
            known[shape] = right.name


def reference_alone(exercise: str) -> str:
    return ast.unparse(definition(exercise, reference(exercise)))


def normalised(source: str) -> str:
    """A module without docstrings, annotations, imports and `is_written`, its names replaced by their order."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    tree.body = [node for node in tree.body if getattr(node, "name", "") != "is_written"]
    names: dict[str, str] = {}

    def order(name: str) -> str:
        return names.setdefault(name, f"n{len(names)}")

    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = order(node.id)
        elif isinstance(node, ast.arg):
            node.arg, node.annotation = order(node.arg), None
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.name = order(node.name)
    return ast.dump(tree)


def advice_of(right: Implementation) -> str:
    """What a learner is told whose answer is right in this style, if anything."""
    found = re.search(r"^Advice: (.+)", ast.get_docstring(ast.parse(right.source)) or "", re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


ADVISED = [(right, advice_of(right)) for right in RIGHT if advice_of(right)]


@pytest.mark.parametrize(("right", "advice"), ADVISED, ids=lambda each: getattr(each, "name", ""))
def test_advice_is_given_for_a_style_that_can_be_recognised(right: Implementation, advice: str) -> None:
    namespace: dict[str, Any] = {}
    exec(compile(right.source, str(right.path), "exec", dont_inherit=True), namespace)
    is_written = namespace["is_written"]
    assert is_written(definition(right.exercise, right.source))
    assert not is_written(definition(right.exercise, reference(right.exercise)))
    assert advice.startswith("This works")
    assert advice.endswith(".")
    assert len(advice) <= 320


def test_unsafe_styles_get_advice() -> None:
    assert {"data_minus_equals", "float_of_loss", "data_attribute"} <= {right.name for right, _ in ADVISED}
