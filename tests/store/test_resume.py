"""A folder is begun once, and gone on with only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.errors import ResultsError
from grader.core.records import ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.results.database import SCHEMA_VERSION
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

Make = Callable[..., SubmissionResult]


def test_create_makes_the_folder(tmp_path: Path, key: BatchKey) -> None:
    with ResultStore.create(tmp_path / "deep" / "er", key) as store:
        assert store.done() == {}
        assert list(store.results()) == []
    assert [path.name for path in (tmp_path / "deep" / "er").iterdir()] == ["results.db"]


def test_create_refuses_a_folder_with_results_and_leaves_them(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "d", 0.1)
    with pytest.raises(ResultsError, match=r"holds results already .*--resume, or another --out"):
        ResultStore.create(tmp_path, key)
    with ResultStore.reopen(tmp_path) as store:
        assert store.done() == {"ada": "d"}


@pytest.mark.parametrize("name", ["results.jsonl", "grades.csv", "class.html", "feedback/ada.html"])
def test_create_refuses_a_folder_with_reports(tmp_path: Path, key: BatchKey, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("somebody's work")
    with pytest.raises(ResultsError, match="holds results already"):
        ResultStore.create(tmp_path, key)
    assert not (tmp_path / "results.db").exists()


def test_create_takes_a_folder_with_other_things_in_it(tmp_path: Path, key: BatchKey) -> None:
    (tmp_path / "README").write_text("mine")
    ResultStore.create(tmp_path, key).close()


def test_reopen_refuses_a_folder_without_results(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no results to go on with"):
        ResultStore.reopen(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_failed_by_our_mistake_is_not_done(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    with ResultStore.create(tmp_path, key) as store:
        store.put(result_of("ada"), "a", 0.1)
        store.put(result_of("bob", exercise=ExerciseStatus.GRADER_ERROR), "b", 0.1)
        store.put(result_of("cy", status=SubmissionStatus.GRADER_ERROR), "c", 0.1)
        store.put(result_of("di", status=SubmissionStatus.UNREADABLE), "d", 0.1)
        store.put(result_of("eve", exercise=ExerciseStatus.FAILED), "e", 0.1)
        assert store.done() == {"ada": "a", "di": "d", "eve": "e"}
        assert len(list(store.results())) == 5


def test_causes_are_left_where_something_failed_and_they_were_not_looked_for(
    tmp_path: Path, key: BatchKey, result_of: Make
) -> None:
    with ResultStore.create(tmp_path, key) as store:
        for student, status in {"bob": ExerciseStatus.FAILED, "cy": ExerciseStatus.PARTIAL}.items():
            store.put(result_of(student, exercise=status), "d", 0.1, causes_later=True)
        for student in ("passed", "todo", "blocked", "forbidden", "timed_out"):
            store.put(result_of(student, exercise=ExerciseStatus(student)), "d", 0.1, causes_later=True)
        store.put(result_of("eve", exercise=ExerciseStatus.FAILED), "d", 0.1)
    with ResultStore.reopen(tmp_path) as store:
        assert store.causes_left() == {"bob", "cy"}
        assert set(store.done().values()) == {"d"}
        assert len(store.done()) == 8
        store.put(result_of("bob", exercise=ExerciseStatus.FAILED), "d", 0.1)
        assert store.causes_left() == {"cy"}


def test_what_is_graded_again_by_our_mistake_has_no_causes_left_besides(
    tmp_path: Path, key: BatchKey, result_of: Make
) -> None:
    failed = result_of("ada", exercise=ExerciseStatus.FAILED, status=SubmissionStatus.GRADER_ERROR)
    with ResultStore.create(tmp_path, key) as store:
        store.put(failed, "d", 0.1, causes_later=True)
        assert store.causes_left() == set()
        assert store.done() == {}


@pytest.mark.parametrize("schema", range(1, SCHEMA_VERSION + 1))
def test_in_what_was_graded_before_there_were_such_no_causes_are_left(
    tmp_path: Path, written_by: Callable[[int, Path], Path], schema: int
) -> None:
    with ResultStore.reopen(written_by(schema, tmp_path)) as store:
        assert store.causes_left() == set()


def test_keep_only_drops_who_is_gone_and_says_so(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    with ResultStore.create(tmp_path, key) as store:
        for student in ("ada", "bob\udc80", "cy"):
            store.put(result_of(student), "d", 0.1)
        assert store.keep_only({"ada", "never handed in"}) == ["bob\udc80", "cy"]
        assert store.done() == {"ada": "d"}
        assert [result.student for result in store.results()] == ["ada"]
