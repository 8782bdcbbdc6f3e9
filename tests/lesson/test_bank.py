"""The misconceptions of linear regression: what is said of them, and how each is told from all others."""

from __future__ import annotations

import ast
import re
from typing import Any, NamedTuple

import pytest

from grader.grading.bank import Implementation, Mistake
from tests.lesson.bank import ASSIGNMENT, BANK, EXERCISES, ROOT, definition, reference
from tests.lesson.behaviour import alike, behaviour, implementation

pytestmark = pytest.mark.slow

MISTAKES = [mistake for exercise in EXERCISES for mistake in BANK.mistakes[exercise]]
ANCHORS = [
    "the-question", "the-data", "a-weighted-sum", "arrays-to-tensors", "weights-and-biases", "the-model",
    "first-predictions", "the-loss", "gradients", "why-gradients-add-up", "the-update-step", "the-learning-rate",
    "one-step", "the-training-loop", "predictions-and-targets", "own-parts", "more-rows", "datasets-and-batches",
    "the-linear-layer", "the-ready-made-loss", "the-optimizer", "fit", "the-noisy-loss", "a-new-region",
    "why-it-stops-at-83", "standardised-inputs", "a-held-out-part", "learning-or-rules",
]  # fmt: skip

# What is written like a mistake, and behaves otherwise.
MAY_LOOK_ALIKE: dict[str, tuple[str, ...]] = {
    "backward_twice": ("stale_predictions", "stale_predictions__loss_too"),
    "stale_predictions": ("backward_twice", "backward_twice__loss_too"),
    "train_no_backward": ("no_updates__no_backward",),
}


class Way(NamedTuple):
    """One file of a mistake, and what it does."""

    mistake: Mistake
    way: Implementation
    does: list[Any]


@pytest.fixture(scope="module")
def ways() -> dict[str, list[Way]]:
    """What every file of every mistake does, by exercise."""
    found: dict[str, list[Way]] = {}
    for name in EXERCISES:
        exercise = ASSIGNMENT.exercises[name]
        for mistake in BANK.mistakes[name]:
            for way in mistake.ways:
                function = implementation(exercise.module, exercise.function, way.source)
                found.setdefault(name, []).append(Way(mistake, way, behaviour(name, function)))
    return found


def test_there_are_many_mistakes_of_every_exercise() -> None:
    assert len(MISTAKES) >= 200
    assert min(len(BANK.mistakes[exercise]) for exercise in EXERCISES) >= 20


def test_ids_are_snake_case_and_occur_once() -> None:
    ids = [mistake.id for mistake in MISTAKES]
    assert sorted(set(ids)) == sorted(ids)
    assert [id for id in ids if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", id) or len(id) > 40] == []


def test_what_is_said_is_short_and_leads_to_the_lesson() -> None:
    for mistake in MISTAKES:
        assert mistake.lesson in ANCHORS, mistake.id
        assert 30 <= len(mistake.says) <= 320, mistake.id
        assert mistake.says.endswith("."), mistake.id
        assert len(re.findall(r"[.?!](?:\s|$)", mistake.says)) <= 4, mistake.id
        assert mistake.says.count("`") % 2 == 0, mistake.id
        unkind = r"\b(?:you should have|you forgot|obviously|simply|just|stupid|careless)\b"
        assert not re.search(unkind, mistake.says), mistake.id


def test_what_is_said_quotes_no_line_of_a_solution() -> None:
    lines = set()
    for module in ASSIGNMENT.modules:
        source = (ROOT / "solutions" / ASSIGNMENT.id / f"{module}.py").read_text(encoding="utf-8")
        for marked in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, re.DOTALL):
            lines |= {line.strip().rstrip(":") for line in marked.split("\n") if line.strip()}
    assert len(lines) > 10
    assert [(each.id, line) for each in MISTAKES for line in lines if line in each.says] == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_mistake_can_be_seen_in_what_it_does(ways: dict[str, list[Way]], exercise: str) -> None:
    module, function = ASSIGNMENT.exercises[exercise].module, ASSIGNMENT.exercises[exercise].function
    right = behaviour(exercise, implementation(module, function))
    assert [each.way.name for each in ways[exercise] if alike(each.does, right)] == []


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


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_mistake_is_recognised_in_its_own_source_and_in_no_right_one(exercise: str) -> None:
    right = {each.name: definition(exercise, each.source) for each in BANK.right[exercise]}
    wrong = {
        way.name: (each.id, definition(exercise, way.source)) for each in BANK.mistakes[exercise] for way in each.ways
    }
    for mistake in BANK.mistakes[exercise]:
        if not (is_written := mistake.is_written):
            continue
        assert [name for name, (id, node) in wrong.items() if id == mistake.id and not is_written(node)] == []
        assert not is_written(definition(exercise, reference(exercise))), mistake.id
        others = right | {name: node for name, (id, node) in wrong.items() if id != mistake.id}
        recognised = {name for name, node in others.items() if is_written(node)}
        assert recognised <= set(MAY_LOOK_ALIKE.get(mistake.id, ())), mistake.id


def test_recognising_takes_any_definition() -> None:
    sources = [way.source for mistake in MISTAKES for way in mistake.ways]
    nodes = [node for source in [*sources, UNUSUAL] for node in ast.parse(source).body]
    for mistake in MISTAKES:
        if mistake.is_written:
            assert {type(mistake.is_written(node)) for node in nodes} <= {bool}, mistake.id


UNUSUAL = """
def train(): ...
def train(*data, **options): w, b = c = -data[0]; w.grad, b = -b, w
async def train(a, /, b, *, c): await b
train = lambda *_: None
train: object = print
(train := len)
class train: lr, model = 1, 2
for fit, (a, b) in {}: fit += 1
w.grad[0] -= 1
del w
"""
