"""Reading the results disturbs nobody: a copy is read, and the file is free again at once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.errors import ResultsError
from grader.core.records import SubmissionResult
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore, snapshot

Make = Callable[..., SubmissionResult]


def stored(folder: Path, key: BatchKey, *results: SubmissionResult) -> Path:
    with ResultStore.create(folder, key) as store:
        for result in results:
            store.put(result, "digest", 0.0)
    return folder


def test_it_holds_what_the_store_held_and_the_file_stays_as_it_was(
    tmp_path: Path, key: BatchKey, result_of: Make
) -> None:
    folder = stored(tmp_path / "out", key, result_of("ada"), result_of("bob"))
    before = (folder / "results.db").read_bytes()
    with snapshot(folder) as store:
        assert list(store.results()) == [result_of("ada"), result_of("bob")]
        assert store.key == key
        assert store.begun().startswith("20")
    assert (folder / "results.db").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["results.db"]


def test_a_grading_may_begin_while_it_is_read(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    folder = stored(tmp_path / "out", key, result_of("ada"))
    with snapshot(folder) as copy, ResultStore.reopen(folder) as store:
        store.put(result_of("bob"), "digest", 0.0)
        assert copy.students() == ["ada"]
        assert store.students() == ["ada", "bob"]


def test_while_a_grading_runs_it_is_refused_in_a_sentence(tmp_path: Path, key: BatchKey, result_of: Make) -> None:
    folder = stored(tmp_path / "out", key, result_of("ada"))
    with ResultStore.reopen(folder), pytest.raises(ResultsError, match="in use"), snapshot(folder):
        pass


def test_what_a_killed_grading_left_half_done_is_undone(
    tmp_path: Path, result_of: Make, process: Callable[[str, Path], subprocess.Popen[str]]
) -> None:
    killed = process(
        """
        store = ResultStore.create(folder, key)
        store.put(result("ada"), "digest", 0.0)
        connection = store._database.connection
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE submissions SET note = 'half done'")
        connection.execute("CREATE TABLE big AS SELECT randomblob(100000) AS x")
        die()
        """,
        tmp_path / "out",
    )
    killed.wait()
    with snapshot(tmp_path / "out") as store:
        assert [result.note for result in store.results()] == [""]


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "results.db").write_bytes(b"no database" * 100)
    with pytest.raises(ResultsError, match="damaged"), snapshot(tmp_path):
        pass


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="can't be used"), snapshot(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_file_of_an_earlier_version_is_read_and_not_changed(
    tmp_path: Path, written_by: Callable[[int, Path], Path]
) -> None:
    folder = written_by(1, tmp_path)
    before = (folder / "results.db").read_bytes()
    with snapshot(folder) as store:
        assert store.students() == ["ada", "bob\udc80"]
    assert (folder / "results.db").read_bytes() == before
