"""What a person decided is kept through everything, and nothing of it is ever changed or deleted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.records import ExerciseStatus, SubmissionResult
from grader.results.decisions import Decision
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

Make = Callable[..., SubmissionResult]
Process = Callable[[str, Path], "subprocess.Popen[str]"]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)

# Dies between the statement that adds the decision and its commit.
DIE_AFTER_THE_INSERT = """
seen = []
def watch(statement):
    seen.append(statement.split("(")[0].split())
    if ["INSERT", "INTO", "overrides"] in seen and statement == "COMMIT":
        die()

on_each_statement(watch)
with ResultStore.reopen(folder) as store:
    store.decide(Decision("ada", "mse", 0.75, "second", "otto", "2026-11-24T10:00:00+01:00", 0.5))
"""


def decision(student: str = "ada", points: float | None = 0.25, reason: str = "because") -> Decision:
    return Decision(student, "mse", points, reason, "helena", "2026-11-23T09:00:00+01:00", 0.5)


def scores(store: ResultStore) -> dict[str, float]:
    return {result.student: result.score for result in store.results()}


def test_a_person_s_points_take_the_place_of_the_checks(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    with ResultStore.create(tmp_path, key) as store:
        for student in ("ada", "bob"):
            store.put(result_of(student, ExerciseStatus.PARTIAL, score=0.5), "d", 0.1)
        store.decide(decision())
        assert scores(store) == {"ada": 0.25, "bob": 0.5}
        ada = store.result("ada")
        assert ada is not None
        assert ada.exercises[0].override is not None
        assert ada.exercises[0].override.by == "helena"
        assert ada.as_checked() == result_of("ada", ExerciseStatus.PARTIAL, score=0.5)


def test_it_stays_when_the_submission_is_graded_again(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "first", 0.1)
        store.decide(decision())
        store.put(result_of("ada", ExerciseStatus.FAILED, score=0.0), "second", 0.1)
    with ResultStore.reopen(tmp_path) as store:
        assert store.done() == {"ada": "second"}
        assert scores(store) == {"ada": 0.25}


def test_it_stays_when_the_entry_is_gone_and_counts_when_it_is_back(
    tmp_path: Path, key: BatchKey, result_of: Make
) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "d", 0.1)
        store.decide(decision())
        assert store.keep_only(()) == ["ada"]
        assert store.overrides() == [decision()]
        assert list(store.results()) == []
        store.put(result_of("ada"), "d", 0.1)
        assert scores(store) == {"ada": 0.25}


def test_the_latest_decision_counts_and_all_stay_in_the_history(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    said = [decision(points=0.25), decision(points=0.75), decision(points=None), decision(points=0.0), decision("bob")]
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "d", 0.1)
        for number, (each, score) in enumerate(zip(said, (0.25, 0.75, 1.0, 0.0, 0.0), strict=True), start=1):
            store.decide(each)
            assert scores(store) == {"ada": score}
            assert store.decisions() == said[:number]
        assert store.overrides() == [decision(points=0.0), decision("bob")]


def test_what_was_read_with_an_override_is_stored_as_the_checks_gave_it(
    tmp_path: Path, key: BatchKey, result_of: Make
) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "d", 0.1)
        store.decide(decision())
        for result in store.results():
            store.put(result, "d", 0.1)
        store.decide(decision(points=None))
        assert list(store.results()) == [result_of("ada")]


@settings(max_examples=40)
@given(
    st.builds(Decision, ANY_TEXT, ANY_TEXT, st.none() | st.floats(0, 9), ANY_TEXT, ANY_TEXT, ANY_TEXT, st.floats(0, 9))
)
def test_any_decision_comes_back_exactly(tmp_path_factory: pytest.TempPathFactory, said: Decision) -> None:
    folder = tmp_path_factory.mktemp("out")
    with ResultStore.create(folder, BatchKey("lesson", 7, "cpu", "digest", "0.1.0")) as store:
        store.decide(said)
        assert store.decisions() == [said]
        assert store.overrides() == ([] if said.points is None else [said])


def test_a_kill_before_the_commit_leaves_the_old_decision(
    tmp_path: Path, key: BatchKey, result_of: Make, process: Process
) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "d", 0.1)
        store.decide(decision())
    killed = process(DIE_AFTER_THE_INSERT, tmp_path)
    errors = killed.communicate(timeout=600)[1]
    assert killed.returncode == -9, errors
    with ResultStore.reopen(tmp_path) as store:
        assert store.decisions() == [decision()]
        assert scores(store) == {"ada": 0.25}
