"""Of all that the bank knows, the self-check names what the visible checks reject, by its own name and no other."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.checks.observed import CallRecord
from grader.checks.scoring import CheckOutcome
from grader.core.assignment import Assignment
from grader.course.load import load_course
from grader.derived.leaks import LeakSearch
from grader.grading.bank import Implementation, load_bank, reference
from grader.grading.collected_checks import CollectedChecks, run_visible
from grader.grading.local_run import implemented, self_checked
from grader.reading.source_facts import definition_tree
from grader.sandbox.inside.warmup import first_steps
from grader.selfcheck.known_mistakes import KnownMistakes
from tests.lesson.bank import ASSIGNMENT, BANK, ROOT

pytestmark = pytest.mark.slow

PREDICATES = {mistake.id: mistake.predicate for each in BANK.mistakes.values() for mistake in each if mistake.predicate}


class Lesson(NamedTuple):
    """A lesson with its bank: how many of its files the visible checks reject at least, how many right answers there are,
    and which mistakes get no name: because other mistakes may lie as near to what is right, or show nothing else."""

    assignment: Assignment
    rejected: int
    right: int
    unnamed: frozenset[str]


LESSONS = {
    "linear_regression": Lesson(
        ASSIGNMENT,
        400,
        50,
        frozenset({"mistake model model_half_precision", "mistake predict prediction_half_precision"}),
    ),
    "digits": Lesson(
        load_course(ROOT).assignments["digits"],
        110,
        40,
        frozenset(),
    ),
}


class Ran(NamedTuple):
    """One file of the bank in the self-check: what the checks asked, and the name that it got."""

    wanted: str
    passed: bool
    calls: tuple[CallRecord, ...]
    outcomes: tuple[CheckOutcome, ...]
    named: str


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return LESSONS[request.param]


@pytest.fixture(scope="module")
def ran(lesson: Lesson) -> dict[str, Ran]:
    """What comes of each file of the bank, by its exercise and name."""
    assignment, found = lesson.assignment, dict[str, Ran]()
    known, bank = KnownMistakes(ROOT / "exercises" / assignment.id), load_bank(ROOT, assignment)
    right_modules = reference(ROOT, assignment)

    def run_all(checks: CollectedChecks) -> None:
        first_steps()
        for name in assignment.exercises:
            ways = [(mistake.id, way) for mistake in bank.mistakes[name] for way in mistake.ways]
            for wanted, way in [*ways, *(("", right) for right in bank.right[name])]:
                kind = "mistake" if wanted else "right"
                found[f"{kind} {name} {way.name}"] = run_one(checks, name, wanted, way)

    def run_one(checks: CollectedChecks, name: str, wanted: str, way: Implementation) -> Ran:
        exercise = assignment.exercises[name]
        sources = implemented(right_modules, exercise.module, way.source)
        done = self_checked(checks, assignment, exercise, sources)
        node = definition_tree(sources[exercise.module], exercise.function)
        told = known.made_in(name, done.calls, node, done.outcomes)
        return Ran(wanted, done.passed, done.calls, done.outcomes, told.id if told else "")

    run_visible(ROOT, assignment, run_all)
    return found


def test_every_mistake_that_the_visible_checks_reject_has_its_own_name(ran: dict[str, Ran], lesson: Lesson) -> None:
    rejected = {name: each for name, each in ran.items() if not each.passed}
    assert len(rejected) > lesson.rejected
    unnamed = {name for name, each in rejected.items() if not each.named}
    assert unnamed == lesson.unnamed
    assert {name: each.named for name, each in rejected.items() if each.named not in ("", each.wanted)} == {}


def test_what_they_accept_has_none_right_answers_above_all(ran: dict[str, Ran], lesson: Lesson) -> None:
    accepted = [each for each in ran.values() if each.passed]
    assert len([each for each in accepted if not each.wanted]) > lesson.right
    assert {each.named for each in accepted} == {""}
    assert [name for name, each in ran.items() if not each.wanted and not each.passed] == []


def test_a_right_definition_opens_no_name_even_with_the_calls_of_a_mistake(ran: dict[str, Ran], lesson: Lesson) -> None:
    """The predicates decide, where what is shown leaves several."""
    assignment = lesson.assignment
    known, right = KnownMistakes(ROOT / "exercises" / assignment.id), reference(ROOT, assignment)
    mistakes = [mistake for each in load_bank(ROOT, assignment).mistakes.values() for mistake in each]
    decided = {mistake.id for mistake in mistakes if mistake.predicate}
    for name, each in ran.items():
        if each.wanted in decided and not each.passed:
            exercise = assignment.exercises[name.split()[1]]
            node = definition_tree(right[exercise.module], exercise.function)
            told = known.made_in(exercise.id, each.calls, node, each.outcomes)
            assert told is None or told.id not in decided, name


def test_no_predicate_would_show_a_solution_to_those_who_open_it() -> None:
    search = LeakSearch(ROOT, [ASSIGNMENT])
    assert len(PREDICATES) > 30
    for id, text in PREDICATES.items():
        leaks = search.leaks_in({f"{id}.txt": text.encode()})
        assert not [leak for leak in leaks if "repeats the solution" in leak or "/hidden/" in leak], id


def test_predicates_need_nothing_but_the_standard_library() -> None:
    for id, text in PREDICATES.items():
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert [ast.unparse(node) for node in nodes] == ["import ast"], id


def test_the_file_of_sealed_mistakes_stays_small() -> None:
    assert (Path(ROOT) / "exercises" / ASSIGNMENT.id / ".mistakes.json").stat().st_size < 200_000
