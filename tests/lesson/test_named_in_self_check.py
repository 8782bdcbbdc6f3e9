"""Of all that the bank knows, the self-check names what the visible checks reject, by its own name and no other."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.checks.observed import CallRecord
from grader.derived.leaks import LeakSearch
from grader.grading.bank import Implementation, reference
from grader.grading.collected_checks import CollectedChecks, run_visible
from grader.grading.local_run import implemented, self_checked
from grader.reading.source_facts import definition_tree
from grader.sandbox.inside.warmup import first_steps
from grader.selfcheck.known_mistakes import KnownMistakes
from tests.lesson.bank import ASSIGNMENT, BANK, EXERCISES, ROOT

pytestmark = pytest.mark.slow

REFERENCE = reference(ROOT, ASSIGNMENT)
PREDICATES = {mistake.id: mistake.predicate for each in BANK.mistakes.values() for mistake in each if mistake.predicate}

# So near to what is right that other mistakes may lie as near.
TOO_NEAR = {"mistake model model_half_precision", "mistake predict prediction_half_precision"}


class Ran(NamedTuple):
    """One file of the bank in the self-check: what the checks asked, and the name that it got."""

    wanted: str
    passed: bool
    calls: tuple[CallRecord, ...]
    named: str


@pytest.fixture(scope="module")
def ran() -> dict[str, Ran]:
    """What comes of each file of the bank, by its exercise and name."""
    known, found = KnownMistakes(ROOT / "exercises" / ASSIGNMENT.id), dict[str, Ran]()

    def run_all(checks: CollectedChecks) -> None:
        first_steps()
        for name in EXERCISES:
            ways = [(mistake.id, way) for mistake in BANK.mistakes[name] for way in mistake.ways]
            for wanted, way in [*ways, *(("", right) for right in BANK.right[name])]:
                kind = "mistake" if wanted else "right"
                found[f"{kind} {name} {way.name}"] = run_one(checks, name, wanted, way)

    def run_one(checks: CollectedChecks, name: str, wanted: str, way: Implementation) -> Ran:
        exercise = ASSIGNMENT.exercises[name]
        sources = implemented(REFERENCE, exercise.module, way.source)
        done = self_checked(checks, ASSIGNMENT, exercise, sources)
        node = definition_tree(sources[exercise.module], exercise.function)
        told = known.made_in(name, done.calls, node)
        return Ran(wanted, done.passed, done.calls, told.id if told else "")

    run_visible(ROOT, ASSIGNMENT, run_all)
    return found


def test_every_mistake_that_the_visible_checks_reject_has_its_own_name(ran: dict[str, Ran]) -> None:
    rejected = {name: each for name, each in ran.items() if not each.passed}
    assert len(rejected) > 400
    unnamed = {name for name, each in rejected.items() if not each.named}
    assert unnamed == TOO_NEAR
    assert {name: each.named for name, each in rejected.items() if each.named not in ("", each.wanted)} == {}


def test_what_they_accept_has_none_right_answers_above_all(ran: dict[str, Ran]) -> None:
    accepted = [each for each in ran.values() if each.passed]
    assert len([each for each in accepted if not each.wanted]) > 50
    assert {each.named for each in accepted} == {""}


def test_a_right_definition_opens_no_name_even_with_the_calls_of_a_mistake(ran: dict[str, Ran]) -> None:
    """The predicates decide, where what is shown leaves several."""
    known = KnownMistakes(ROOT / "exercises" / ASSIGNMENT.id)
    for name, each in ran.items():
        if each.wanted in PREDICATES and not each.passed:
            exercise = ASSIGNMENT.exercises[name.split()[1]]
            node = definition_tree(REFERENCE[exercise.module], exercise.function)
            told = known.made_in(exercise.id, each.calls, node)
            assert told is None or told.id not in PREDICATES, name


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
