"""Every attack of the corpus, run for real: it earns nothing, sees nothing, leaves nothing, and costs nobody anything."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch

import pytest
from filelock import FileLock

from grader.results.reports import page_names
from tests.attacks import verdict
from tests.attacks.attack import FUNCTIONS, LESSONS, Attack, Lesson, attacks
from tests.attacks.batch import Batch, run_batch
from tests.attacks.packages import packages
from tests.attacks.person import whoever
from tests.attacks.world import CANARY

pytestmark = pytest.mark.slow

# `ATTACKS='*'` runs all of them, `ATTACKS='see-*'` only those; else it is every twelfth one, and `make soak` runs all.
ONLY = os.environ.get("ATTACKS", "")


@pytest.fixture(scope="module", params=LESSONS, ids=lambda lesson: lesson.name)
def batch(request: pytest.FixtureRequest, interpreter_lock: FileLock) -> Batch:
    """One of each attack on a lesson, and honest submissions between them, graded at the level that this machine
    offers."""
    lesson: Lesson = request.param
    chosen, packed = attacks(lesson), packages() if lesson is FUNCTIONS else []
    if ONLY:
        chosen = [each for each in chosen if fnmatch(each.student, ONLY)]
        packed = [each for each in packed if fnmatch(each.student, ONLY)]
    else:
        chosen, packed = chosen[::12], packed[::12]
    if not chosen and not packed:
        pytest.skip(f"none is called {ONLY}")
    person = whoever()
    if not person.apart:
        pytest.skip(f"some attacks kill whom they can, and nothing would keep them from us: {person.why_not}")
    lesson = replace(lesson, honest=lesson.honest if ONLY else 5)
    with interpreter_lock:
        return run_batch(chosen, packed, person, lesson=lesson)


def _of_attacks(batch: Batch, judge: Callable[[Batch, Attack], str]) -> dict[str, str]:
    """What is wrong with which attack, but for those that are known to succeed at this level."""
    found = {each.student: judge(batch, each) for each in batch.attacks if not each.known_to_succeed(batch.level)}
    return {student: wrong for student, wrong in found.items() if wrong}


def test_none_earns_what_it_did_not_implement(batch: Batch) -> None:
    assert _of_attacks(batch, verdict.earned_too_much) == {}


def test_nothing_that_they_tried_succeeded(batch: Batch) -> None:
    assert _of_attacks(batch, verdict.succeeded) == {}


def test_none_costs_another_exercise_a_point(batch: Batch) -> None:
    assert {each.student: lost for each in batch.attacks if (lost := verdict.lost_others(batch, each))} == {}


def test_their_status_says_what_happened(batch: Batch) -> None:
    assert {each.student: odd for each in batch.attacks if (odd := verdict.oddly_told(batch, each))} == {}


def test_what_is_no_submission_gets_a_status_and_a_reason(batch: Batch) -> None:
    assert {each.student: wrong for each in batch.packages if (wrong := verdict.misjudged(batch, each))} == {}


def test_their_results_and_their_feedback_hold_no_secret(batch: Batch) -> None:
    assert {student: shown for student in batch.students if (shown := verdict.showed_secrets(batch, student))} == {}


def test_what_is_shown_of_them_is_inert(batch: Batch) -> None:
    assert {student: live for student in batch.students if (live := verdict.shows_live_text(batch, student))} == {}


def test_nothing_that_the_grading_wrote_or_printed_holds_a_secret(batch: Batch) -> None:
    assert len(batch.outputs) > len(batch.records)
    held = {name: {*CANARY.findall(text)} for name, text in {**batch.outputs, "the screen": batch.text}.items()}
    names = page_names(batch.records)
    for name in ("results.db", *(f"source/{names[student]}.html" for student in batch.honest)):
        held[name] -= {batch.canaries["sibling"]}  # what honest submissions hold is kept, for instructors
    assert not {name: found for name, found in held.items() if found}


def test_the_gradebook_holds_no_formula(batch: Batch) -> None:
    assert verdict.formulas(batch) == []


def test_the_batch_ends_well_with_a_result_for_everybody(batch: Batch) -> None:
    assert set(batch.records) >= {*batch.honest, *batch.students}
    assert "Our mistake" not in batch.text
    assert batch.code == 0


def test_every_honest_submission_between_them_earns_all_of_its_points(batch: Batch) -> None:
    assert {name: batch.records[name]["score"] for name in batch.honest} == dict.fromkeys(
        batch.honest, batch.lesson.points
    )


def test_attacks_cost_the_batch_no_more_processor_time_than_the_limits_that_they_hit(batch: Batch) -> None:
    assert batch.cpu <= verdict.allowed_cpu(batch)


def test_no_attack_makes_a_limit_doubtful(batch: Batch) -> None:
    assert "may have waited for the machine" not in " ".join(batch.text.split())


def test_no_file_of_the_course_or_the_interpreter_or_anybody_changes(batch: Batch) -> None:
    assert not {where: paths for where, paths in batch.changed.items() if paths}


def test_nothing_stays_in_shared_folders_or_in_the_kernel(batch: Batch) -> None:
    assert not batch.left


def test_no_process_survives(batch: Batch) -> None:
    assert batch.processes == []


def test_no_other_process_is_touched(batch: Batch) -> None:
    before, after = batch.bystander
    assert before["state"] == "alive"
    assert after == before


def test_nobody_is_reached_over_a_socket(batch: Batch) -> None:
    assert batch.reached == []
