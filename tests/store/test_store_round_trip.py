"""What is put into the store comes out of it, exactly."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.core.errors import ResultsError
from grader.core.records import (
    Cause,
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results import store as store_module
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

KEY = BatchKey("lesson", 7, "cpu", "digest", "0.1.0")
# Every code point there is: NUL, bidi overrides, private use and lone surrogates too.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
POINTS = st.floats(-1e6, 1e6, allow_nan=False)

CHECKS = st.builds(CheckResult, ANY_TEXT, st.sampled_from(CheckStatus), POINTS, POINTS)
FINDINGS = st.builds(Finding, ANY_TEXT, st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=3).map(tuple), ANY_TEXT)
CAUSES = st.builds(
    Cause,
    st.sampled_from(["bank", "repair", "behaviour", "exception"]),
    ANY_TEXT,
    st.none() | st.integers(1, 10**6),
    ANY_TEXT,
    st.none() | st.integers(1, 10**6),
)
EXERCISES = st.builds(
    ExerciseResult,
    id=ANY_TEXT,
    status=st.sampled_from(ExerciseStatus),
    score=POINTS,
    max_score=POINTS,
    checks=st.lists(CHECKS, max_size=3).map(tuple),
    finding=st.none() | FINDINGS,
    advice=st.lists(ANY_TEXT, max_size=2).map(tuple),
    misconception=st.none() | ANY_TEXT,
    cause=st.none() | CAUSES,
)
SUBMISSIONS = st.builds(
    SubmissionResult,
    student=ANY_TEXT,
    status=st.sampled_from(SubmissionStatus),
    exercises=st.lists(EXERCISES, max_size=3, unique_by=lambda exercise: exercise.id).map(tuple),
    note=ANY_TEXT,
)
CLASSES = st.lists(SUBMISSIONS, max_size=4, unique_by=lambda submission: submission.student)


# Two surrogates side by side are not one character, though JSON would make them one.
SURROGATES = SubmissionResult(
    "\udc80",
    SubmissionStatus.GRADED,
    (
        ExerciseResult("z", ExerciseStatus.FAILED, 0.0, 1.0, (), Finding("a", (("b", "\ud83d\ude00"),))),
        ExerciseResult("a", ExerciseStatus.PASSED, 1.0, 1.0),
    ),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResultStore]:
    with ResultStore.create(tmp_path_factory.mktemp("out"), KEY) as opened:
        yield opened


@settings(max_examples=80)
@given(CLASSES)
@example([SubmissionResult("\ue000", SubmissionStatus.REFUSED, ()), SURROGATES])
def test_any_results_come_back_exactly_and_sorted_by_student(
    store: ResultStore, submissions: list[SubmissionResult]
) -> None:
    store.keep_only(())
    for submission in submissions:
        store.put(submission, "digest", 0.5)
    assert list(store.results()) == sorted(submissions, key=lambda submission: submission.student)


@settings(max_examples=40)
@given(SUBMISSIONS, SUBMISSIONS)
@example(SURROGATES, SURROGATES)
def test_a_result_that_grading_again_confirms_keeps_its_time(
    store: ResultStore, first: SubmissionResult, other: SubmissionResult
) -> None:
    store.keep_only(())
    moments = iter("abcde")
    other = replace(other, student=first.student)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store_module, "_now", lambda: next(moments))
        is_graded = first.status is SubmissionStatus.GRADED
        told = [store.put(first, "digest", 0.5), store.put(first, "digest", 0.7)]
        assert told == [True, not is_graded]  # what can't be graded was tried once more
        assert next(store.results()).graded_at == ("a" if is_graded else "b")
        assert store.put(first, "what is handed in again", 0.5)
        assert store.put(other, "what is handed in again", 0.5) is not (is_graded and other == first)


def test_results_are_there_after_the_store_was_closed(tmp_path: Path) -> None:
    with ResultStore.create(tmp_path, KEY) as store:
        store.put(SURROGATES, "digest", 0.5)
    with ResultStore.reopen(tmp_path) as store:
        assert list(store.results()) == [SURROGATES]
        assert store.done() == {SURROGATES.student: "digest"}


@settings(max_examples=30)
@given(st.builds(BatchKey, ANY_TEXT, st.integers(), ANY_TEXT, ANY_TEXT, ANY_TEXT))
def test_any_key_comes_back_exactly(key: BatchKey) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ResultStore.create(Path(folder), key).close()
        with ResultStore.reopen(Path(folder)) as store:
            assert store.key == key


def test_a_second_result_takes_the_place_of_the_first(
    tmp_path: Path, key: BatchKey, result_of: Callable[..., SubmissionResult]
) -> None:
    better = SubmissionResult("ada", SubmissionStatus.UNREADABLE, (), "no module")
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "first", 0.1)
        store.put(better, "second", 0.1)
        assert list(store.results()) == [better]
        assert store.done() == {"ada": "second"}
    with sqlite3.connect(tmp_path / "results.db") as file:
        assert file.execute("SELECT count(*) FROM exercises").fetchone() == (0,)
        assert file.execute("SELECT count(*) FROM checks").fetchone() == (0,)


def test_a_class_that_is_read_in_several_pieces_is_whole(
    tmp_path: Path, key: BatchKey, result_of: Callable[..., SubmissionResult]
) -> None:
    students = [f"student {number:03}" for number in range(101)]
    with ResultStore.create(tmp_path, key) as store:
        for student in reversed(students):
            store.put(result_of(student), "d", 0.1)
        assert list(store.results()) == [result_of(student) for student in students]


def test_results_can_be_put_while_others_are_read(
    tmp_path: Path, key: BatchKey, result_of: Callable[..., SubmissionResult]
) -> None:
    with ResultStore.create(tmp_path, key) as store:
        for student in ("ada", "bob", "cy"):
            store.put(result_of(student), "d", 0.1)
        for result in store.results():
            store.put(result_of(result.student, score=0.5), "d", 0.1)
        assert [result.score for result in store.results()] == [0.5, 0.5, 0.5]


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused_and_changes_nothing(
    tmp_path: Path, key: BatchKey, result_of: Callable[..., SubmissionResult], score: float
) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "d", 0.1)
        with pytest.raises(ResultsError, match="not a number"):
            store.put(result_of("ada", score=score), "d", 0.1)
        assert list(store.results()) == [result_of("ada")]
