"""The bank of linear regression: its mistakes and their words, and right answers that really differ."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.course.load import load_course
from grader.diagnosis.bank import Implementation, Mistake, load_bank
from tests.lesson.behaviour import alike, behaviour, implementation

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = load_course(ROOT).assignments["linear_regression"]
BANK = load_bank(ROOT, ASSIGNMENT)
EXERCISES = list(ASSIGNMENT.exercises)
MISTAKES = [mistake for exercise in EXERCISES for mistake in BANK.mistakes[exercise]]
RIGHT = [right for exercise in EXERCISES for right in BANK.right[exercise]]
ANCHORS = [
    "the-question", "the-data", "a-weighted-sum", "arrays-to-tensors", "weights-and-biases", "the-model",
    "first-predictions", "the-loss", "gradients", "why-gradients-add-up", "the-update-step", "the-learning-rate",
    "one-step", "the-training-loop", "predictions-and-targets", "own-parts", "more-rows", "datasets-and-batches",
    "the-linear-layer", "the-ready-made-loss", "the-optimizer", "fit", "the-noisy-loss", "a-new-region",
    "why-it-stops-at-83", "standardised-inputs", "a-held-out-part", "learning-or-rules",
]  # fmt: skip

# What is written like a mistake, and behaves otherwise.
MAY_LOOK_ALIKE: dict[str, tuple[str, ...]] = {
    "stale_predictions": ("backward_twice", "backward_twice__loss_too"),
    "train_no_backward": ("no_updates__no_backward",),
}


class Way(NamedTuple):
    """One file of a mistake, and what it does."""

    mistake: Mistake
    way: Implementation
    does: list[Any]


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


@pytest.fixture(scope="module")
def ways() -> dict[str, list[Way]]:
    """What every file of every mistake does, by exercise."""
    found: dict[str, list[Way]] = {}
    for name, exercise in ASSIGNMENT.exercises.items():
        for mistake in BANK.mistakes[name]:
            for way in mistake.ways:
                function = implementation(exercise.module, exercise.function, way.source)
                found.setdefault(name, []).append(Way(mistake, way, behaviour(name, function)))
    return found


def test_there_are_many_mistakes_of_every_exercise() -> None:
    assert len(MISTAKES) >= 200
    assert min(map(len, BANK.mistakes.values())) >= 20


def test_ids_are_snake_case_and_occur_once() -> None:
    ids = [mistake.id for mistake in MISTAKES]
    assert sorted(set(ids)) == sorted(ids)
    assert [id for id in ids if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", id) or len(id) > 40] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_what_is_said_is_short_and_leads_to_the_lesson(mistake: Mistake) -> None:
    assert mistake.lesson in ANCHORS
    assert 30 <= len(mistake.says) <= 320
    assert mistake.says.endswith(".")
    assert len(re.findall(r"[.?!](?:\s|$)", mistake.says)) <= 4
    assert mistake.says.count("`") % 2 == 0
    assert not re.search(r"\b(?:you should have|you forgot|obviously|simply|just|stupid|careless)\b", mistake.says)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_what_is_said_quotes_no_line_of_a_solution(mistake: Mistake) -> None:
    for module in ASSIGNMENT.modules:
        source = (ROOT / "solutions" / ASSIGNMENT.id / f"{module}.py").read_text(encoding="utf-8")
        for marked in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, re.DOTALL):
            for line in marked.split("\n"):
                assert not line.strip() or line.strip().rstrip(":") not in mistake.says


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_mistake_can_be_seen_in_what_it_does(ways: dict[str, list[Way]], exercise: str) -> None:
    module, function = ASSIGNMENT.exercises[exercise].module, ASSIGNMENT.exercises[exercise].function
    right = behaviour(exercise, implementation(module, function))
    assert [each.way.name for each in ways[exercise] if alike(each.does, right)] == []


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


@pytest.mark.parametrize("exercise", EXERCISES)
def test_mistakes_that_do_the_same_are_told_apart_by_how_they_are_written(
    ways: dict[str, list[Way]], exercise: str
) -> None:
    for one in ways[exercise]:
        same = {each.mistake.id: each.mistake for each in ways[exercise] if alike(one.does, each.does)}
        if len(same) > 1:
            node = definition(exercise, one.way.source)
            written = {id for id, mistake in same.items() if mistake.is_written and mistake.is_written(node)}
            unwritten = {id for id, mistake in same.items() if not mistake.is_written}
            assert (written or unwritten) == {one.mistake.id}, one.way.name


@pytest.mark.parametrize("exercise", EXERCISES)
def test_mistakes_that_draw_numbers_are_known_by_how_they_are_written(
    ways: dict[str, list[Way]], exercise: str
) -> None:
    module, function = ASSIGNMENT.exercises[exercise].module, ASSIGNMENT.exercises[exercise].function
    for each in ways[exercise]:
        again = behaviour(exercise, implementation(module, function, each.way.source), seed=1)
        assert alike(each.does, again) or each.mistake.is_written, each.way.name


def ways_with_a_test() -> Iterator[tuple[str, Implementation, Callable[[ast.AST], bool]]]:
    for mistake in MISTAKES:
        if mistake.is_written:
            yield from ((mistake.id, way, mistake.is_written) for way in mistake.ways)


@pytest.mark.parametrize(
    ("id", "way", "is_written"), list(ways_with_a_test()), ids=lambda each: getattr(each, "name", "")
)
def test_a_mistake_is_recognised_in_its_own_source_and_in_no_right_one(
    id: str, way: Implementation, is_written: Callable[[ast.AST], bool]
) -> None:
    assert is_written(definition(way.exercise, way.source))
    assert not is_written(definition(way.exercise, reference(way.exercise)))
    for right in BANK.right[way.exercise]:
        if right.name not in MAY_LOOK_ALIKE.get(id, ()):
            assert not is_written(definition(way.exercise, right.source)), right.name
    for mistake in BANK.mistakes[way.exercise]:
        for other in mistake.ways if mistake.id != id else ():
            if other.name not in MAY_LOOK_ALIKE.get(id, ()):
                assert not is_written(definition(way.exercise, other.source)), other.name


def test_there_are_many_right_answers_of_every_exercise() -> None:
    assert len(RIGHT) >= 80
    assert min(map(len, BANK.right.values())) >= 10


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
    assert advice.startswith("It works")
    assert advice.endswith(".")
    assert len(advice) <= 320


def test_unsafe_styles_get_advice() -> None:
    assert {"data_minus_equals", "float_of_loss", "data_attribute"} <= {right.name for right, _ in ADVISED}
