"""A hint that gives a solution away is found however it is written; one that says in words what to do never is."""

from __future__ import annotations

import ast
import random
import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.load import load_course
from grader.derived.hint_solutions import MOST, RightAnswer, given_away, hint_solutions, right_answers
from grader.derived.secret_phrases import HEAVY, weight
from grader.grading.bank import load_bank
from tests.conftest import ROOT

COURSE = load_course(ROOT)
WORDS = ("Now", "take", "of each row", "then", "and", "at the end", "give back", "which is", "as before,", "so:")
GENTLE = "What does the example say about one number?"


@cache
def answers() -> list[RightAnswer]:
    """The right answers of both lessons, in all their styles."""
    return [
        answer
        for assignment in COURSE.assignments.values()
        for bank in [load_bank(ROOT, assignment)]
        for exercise in assignment.exercises.values()
        for answer in right_answers(ROOT, assignment, exercise, bank)
    ]


def whole(answer: RightAnswer) -> int:
    return sum(map(weight, answer.computed))


class Quoted(ast.NodeTransformer):
    """Code with other names in place of the function's own."""

    def __init__(self, answer: RightAnswer) -> None:
        self.names = {name: f"my_{at}" for at, name in enumerate(sorted(answer.names))}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)


def quoted(answer: RightAnswer, nodes: list[ast.AST], chance: random.Random) -> str:
    """A hint that holds these parts, as somebody might write it."""
    parts = []
    for node in nodes:
        text = ast.unparse(node)
        if chance.random() < 0.5:
            text = ast.unparse(Quoted(answer).visit(ast.parse(text)))
        if chance.random() < 0.5:
            text = re.sub(r"(?<=[(,\[])|(?=[),\]])", " ", text)
        if chance.random() < 0.5:
            text = text.replace("'", '"')
        parts.append(f"{chance.choice(WORDS)} `{text}`" if chance.random() < 0.5 else f"{chance.choice(WORDS)} {text}")
    return " ".join([*parts, chance.choice(WORDS)])


@st.composite
def given_away_hints(draw: st.DrawFn) -> tuple[RightAnswer, list[str]]:
    """A right answer, and parts of it that are most of it, in one hint or in several."""
    answer = draw(st.sampled_from([each for each in answers() if whole(each) >= HEAVY]))
    chance = random.Random(draw(st.integers(0, 2**32)))
    nodes = list(answer.computed)
    chance.shuffle(nodes)
    some: list[ast.AST] = []
    while sum(map(weight, some)) <= MOST * whole(answer) or sum(map(weight, some)) < HEAVY:
        some.append(nodes.pop())
    at = draw(st.integers(0, len(some)))
    return answer, [quoted(answer, each, chance) for each in (some[:at], some[at:]) if each]


@settings(max_examples=60)
@given(given_away_hints(), st.integers(0, 2))
def test_hints_that_hold_most_of_an_answer_are_found_in_whatever_order_and_names(
    case: tuple[RightAnswer, list[str]], at: int
) -> None:
    answer, hints = case
    every = [GENTLE, "And then?"]
    every[at:at] = hints
    assert given_away(every, [answer]), every


@settings(max_examples=60)
@given(st.data())
def test_words_alone_give_nothing_away(data: st.DataObject) -> None:
    """All the names of an answer, and no call or sign."""
    answer = data.draw(st.sampled_from(answers()))
    words = re.findall(r"[^\W\d]\w*", " ".join(map(ast.unparse, answer.computed)))
    hint = ", ".join(data.draw(st.permutations(words))) if len(words) < 30 else ", ".join(words)
    assert given_away([GENTLE, hint, hint], [answer]) is None


def test_the_hints_of_the_lessons_raise_no_alarm() -> None:
    for assignment in COURSE.assignments.values():
        assert list(hint_solutions(ROOT, assignment)) == []


def an_answer(code: str, *names: str) -> RightAnswer:
    return RightAnswer((ast.parse(code, mode="eval").body,), frozenset(names), "the reference solution")


@pytest.mark.parametrize("value", ["(0.0, 0, 0)", "[1.5, 2.5, 3.5]", "{'lr': 0.1, 'steps': 300}", "lambda x: x"])
def test_what_a_statement_computes_counts_as_a_whole_whatever_it_is(value: str) -> None:
    assert given_away([f"Begin with {value}.", "And then?"], [an_answer(value)])


def test_the_last_hint_alone_may_show_one_call() -> None:
    answer = an_answer("x.float()", "x")
    assert given_away([GENTLE, "And?", "Give back x.float()."], [answer]) is None
    assert given_away([GENTLE, "Give back x.float().", "That is all."], [answer])
    longer = an_answer("x.reshape(rows, columns)", "x", "rows", "columns")
    assert given_away([GENTLE, "And?", "Give back x.reshape(rows, columns)."], [longer])


def test_one_name_in_an_answer_is_one_name_in_a_hint() -> None:
    answer = an_answer("size * size + size", "size")
    assert given_away(["k * k + k"], [answer])
    assert given_away(["label * k + place"], [answer]) is None


@pytest.mark.parametrize("id", COURSE.assignments)
def test_it_is_said_of_the_exercise_and_of_the_hint(id: str) -> None:
    assignment = COURSE.assignments[id]
    exercise = next(each for each in assignment.exercises.values() if each.id in ("gradient_step", "softmax"))
    answer = next(right_answers(ROOT, assignment, exercise, load_bank(ROOT, assignment)))
    told = "; ".join(map(ast.unparse, answer.computed))
    changed = replace(exercise, hints=(GENTLE, told, "And that is all."))
    (sentence,) = hint_solutions(ROOT, replace(assignment, exercises={**assignment.exercises, exercise.id: changed}))
    assert f"[assignments.{id}.exercises.{exercise.id}]: hint 2 holds 100% of the reference solution" in sentence
