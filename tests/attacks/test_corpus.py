"""Every attack of the corpus, run for real: it earns nothing, sees nothing, leaves nothing, and costs nobody anything."""

from __future__ import annotations

import os
from fnmatch import fnmatch

import pytest

from tests.attacks import verdict
from tests.attacks.attack import Attack, attacks
from tests.attacks.batch import Batch, run_batch
from tests.attacks.packages import Package, packages
from tests.attacks.person import whoever
from tests.attacks.world import CANARY

# `ATTACKS='see-*'` runs only those.
ONLY = os.environ.get("ATTACKS", "*")
ATTACKS = [each for each in attacks() if fnmatch(each.student, ONLY)]
PACKAGES = [each for each in packages() if fnmatch(each.student, ONLY)]
of_each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.student)
of_each_package = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.student)
STUDENTS = [*(attack.student for attack in ATTACKS), *(package.student for package in PACKAGES)]
of_everything = pytest.mark.parametrize("student", STUDENTS)


@pytest.fixture(scope="module")
def batch() -> Batch:
    """One of each attack, and honest submissions between them, graded at the level that this machine offers."""
    person = whoever()
    if not person.apart:
        pytest.skip(f"some attacks kill whom they can, and nothing would keep them from us: {person.why_not}")
    return run_batch(ATTACKS, PACKAGES, person)


@of_each_attack
def test_it_earns_nothing_that_it_did_not_implement(batch: Batch, attack: Attack) -> None:
    assert attack.known_to_succeed(batch.level) or not verdict.earned_too_much(batch, attack), attack.what


@of_each_attack
def test_nothing_that_it_tried_succeeded(batch: Batch, attack: Attack) -> None:
    assert attack.known_to_succeed(batch.level) or not verdict.succeeded(batch, attack), attack.what


@of_each_attack
def test_it_costs_no_other_exercise_a_point(batch: Batch, attack: Attack) -> None:
    assert not verdict.lost_others(batch, attack), attack.what


@of_each_attack
def test_its_status_says_what_happened(batch: Batch, attack: Attack) -> None:
    assert not verdict.oddly_told(batch, attack), attack.what


@of_each_attack
def test_it_takes_no_more_time_than_the_limits_that_it_hits(batch: Batch, attack: Attack) -> None:
    assert not verdict.took_too_long(batch, attack), attack.what


@of_each_package
def test_what_is_no_submission_gets_a_status_and_a_reason(batch: Batch, package: Package) -> None:
    assert not verdict.misjudged(batch, package), package.what


@of_everything
def test_its_results_and_its_feedback_hold_no_secret(batch: Batch, student: str) -> None:
    assert not verdict.showed_secrets(batch, student)


@of_everything
def test_what_is_shown_of_it_is_inert(batch: Batch, student: str) -> None:
    assert not verdict.shows_live_text(batch, student)


def test_nothing_that_the_grading_wrote_or_printed_holds_a_secret(batch: Batch) -> None:
    assert len(batch.outputs) > len(batch.records)
    held = {name: CANARY.findall(text) for name, text in {**batch.outputs, "the screen": batch.text}.items()}
    assert not {name: found for name, found in held.items() if found}


def test_the_gradebook_holds_no_formula(batch: Batch) -> None:
    assert verdict.formulas(batch) == []


def test_the_batch_ends_well_with_a_result_for_everybody(batch: Batch) -> None:
    assert set(batch.records) >= {*batch.honest, *STUDENTS}
    assert "Our mistake" not in batch.text
    assert batch.code == 0


def test_every_honest_submission_between_them_earns_all_of_its_points(batch: Batch) -> None:
    assert {name: batch.records[name]["score"] for name in batch.honest} == dict.fromkeys(batch.honest, 30.0)


def test_attacks_cost_the_batch_no_more_time_than_the_limits_that_they_hit(batch: Batch) -> None:
    assert batch.seconds <= verdict.allowed_seconds(batch)


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
