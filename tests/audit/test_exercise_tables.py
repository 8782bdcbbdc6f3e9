"""What an exercise's table says of hints, points and needs is compared with the reference and with the other tables."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.audit.exercise_tables import called_by, named_in, table_problems, table_remarks
from grader.audit.trials import references
from grader.core.assignment import Assignment, Exercise, Module
from grader.course.load import load_course
from tests.conftest import ROOT

HINTS = ("Where to look.", "What to think of.", "What the idea is.")
EVERY = ("alpha", "Beta", "gamma_ray", "delta", "epsilon")


def an_assignment(**tables: dict[str, object]) -> Assignment:
    """Exercises in the module `one`, unless they say otherwise."""
    modules = {name: Module(id=name, title=name) for name in ("one", "two")}
    exercises = {}
    for name, table in tables.items():
        values: dict[str, object] = {"module": "one", "function": name, "title": name, "points": 2.0, "hints": HINTS}
        exercises[name] = Exercise(id=name, **(values | table))  # type: ignore[arg-type]
    return Assignment(id="a", title="A", modules=modules, exercises=exercises)


def sources_of(assignment: Assignment, calls: dict[str, list[str]], chance: random.Random) -> dict[str, str]:
    """Modules in which each function calls others: by name, in a helper, or as something else."""
    texts = {"one": "import torch\n", "two": "import torch\nimport one\nfrom one import *\n"}
    for name, exercise in assignment.exercises.items():
        lines = []
        for other in calls[name]:
            module = assignment.exercises[other].module
            called = f"one.{other}" if module != exercise.module else other
            if chance.random() < 0.5:
                texts[exercise.module] += f"def {name}_{other}_helper(x):\n    return {called}(x)\n"
                called = f"{name}_{other}_helper"
            lines.append(f"    x = {called}(x)" if chance.random() < 0.5 else f"    x = list(map({called}, x))")
        # Names of exercises that are none here.
        shadowed = [each for each in EVERY if each not in calls[name] and each != name]
        lines += [f"    {each} = 1\n    x += {each}" for each in shadowed if chance.random() < 0.3]
        texts[exercise.module] += f"def {name}(x):\n" + "\n".join([*lines, "    return x"]) + "\n"
    return texts


@settings(max_examples=100)
@given(st.randoms(use_true_random=False))
def test_needs_are_what_the_reference_calls(chance: random.Random) -> None:
    """Each call that needs leaves out, itself and through what it needs, is a problem; each need without a call, a
    remark; and nothing else is said."""
    tables: dict[str, dict[str, object]] = {}
    calls: dict[str, list[str]] = {}
    for at, name in enumerate(EVERY):
        calls[name] = [each for each in EVERY[:at] if chance.random() < 0.4]
        needs = tuple(each for each in EVERY[:at] if chance.random() < 0.4)
        tables[name] = {"module": "one" if at < 3 else "two", "needs": needs}
    assignment = an_assignment(**tables)
    sources = sources_of(assignment, calls, chance)

    def reached(name: str) -> set[str]:
        direct = assignment.exercises[name].needs
        return {*direct, *(far for each in direct for far in reached(each))}

    for name, exercise in assignment.exercises.items():
        assert called_by(assignment, exercise, sources) == calls[name]
    missing = {name: [each for each in calls[name] if each not in reached(name)] for name in EVERY}
    problems = {each.split(":")[0]: each for each in table_problems(assignment, sources)}
    assert problems.keys() == {name for name in EVERY if missing[name]}
    assert all(f'"{each}"' in problems[name] for name in problems for each in missing[name])
    remarks = [each.split(", and its reference")[0] for each in table_remarks(assignment, sources)]
    idle = [f"{n} needs {each}" for n in EVERY for each in assignment.exercises[n].needs if each not in calls[n]]
    assert [each for each in remarks if " needs " in each] == idle


NOTHING = {"one": "def alpha(x):\n    return x\n\n\ndef other(x):\n    return x\n", "two": ""}


def told(**tables: dict[str, object]) -> tuple[list[str], list[str]]:
    assignment = an_assignment(**tables)
    return list(table_problems(assignment, NOTHING)), list(table_remarks(assignment, NOTHING))


@pytest.mark.parametrize("again", ["Where to look.", "where to  look", "Where to look!"])
def test_the_same_hint_twice_is_a_problem(again: str) -> None:
    problems, _ = told(alpha={"hints": ("Where to look.", "What to think of.", again)})
    assert problems == ["alpha: hints 1 and 3 are the same; each says more than the one before it."]


def test_the_hint_of_another_exercise_is_worth_a_look() -> None:
    other: dict[str, object] = {"hints": ("Somewhere else.", "What to think of.", "Another idea.")}
    assert told(alpha={}, other=other) == ([], ["other: hint 2 is one of alpha, too."])


@pytest.mark.parametrize(("points", "said"), [(16.0, True), (15.0, False), (0.25, True), (0.5, False)])
def test_points_far_from_the_others_are_worth_a_look(points: float, said: bool) -> None:
    _, remarks = told(alpha={}, b={}, c={}, other={"points": points})
    assert [each for each in remarks if "median" in each] == (
        [f"other is worth {points:g} points, and the median exercise 2. Is that meant?"] if said else []
    )


def test_what_is_needed_stands_before() -> None:
    problems, remarks = told(alpha={"needs": ("other",)}, other={"module": "two"})
    assert [each.split(",")[0] for each in problems] == ["alpha needs other"]
    assert any("stands behind it" in each for each in remarks)


@pytest.mark.parametrize(
    ("hint", "named"),
    [
        ("Give the alpha of each row to beta.", []),
        ("Add up what alpha(x) gives.", ["alpha"]),
        ("Add up what `Beta` gives, as gamma_ray does.", ["Beta", "gamma_ray"]),
        ("torch.alpha(x) and x.gamma_ray are others, and so are alphas and gamma_rays.", []),
    ],
)
def test_a_hint_names_an_exercise_where_it_names_it_as_code(hint: str, named: list[str]) -> None:
    assignment = an_assignment(**{name: {} for name in EVERY})
    assert named_in(hint, assignment) == named


def test_a_hint_that_names_what_is_not_needed_is_worth_a_look() -> None:
    hints = ("Where?", "How?", "Call alpha(x).")
    _, remarks = told(alpha={}, other={"hints": hints})
    assert remarks == [
        'other: hint 3 names alpha, which it doesn\'t need. Add "alpha" to needs, if it is to be called.'
    ]
    _, remarks = told(alpha={}, middle={"needs": ("alpha",)}, other={"hints": hints, "needs": ("middle",)})
    assert not [each for each in remarks if "names alpha" in each]


def test_the_lessons_tables_make_sense() -> None:
    for assignment in load_course(ROOT).assignments.values():
        sources = references(ROOT, assignment)
        assert list(table_problems(assignment, sources)) == []
        assert list(table_remarks(assignment, sources)) == []
