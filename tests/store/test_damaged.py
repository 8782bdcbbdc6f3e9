"""A database that can't be used is a sentence for the reader, whatever is wrong with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import __version__
from grader.core.errors import ResultsError
from grader.core.records import SubmissionResult
from grader.results.database import SCHEMA_VERSION
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore


@pytest.fixture
def folder(tmp_path: Path, key: BatchKey, result_of: Callable[..., SubmissionResult]) -> Path:
    """An output folder with a class of results."""
    with ResultStore.create(tmp_path, key) as store:
        for number in range(20):
            store.put(result_of(f"student {number}"), "d", 0.1)
    return tmp_path


def change(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "results.db", isolation_level=None)
    connection.execute(statement)
    connection.close()


def read_all(folder: Path) -> None:
    with ResultStore.reopen(folder) as store:
        store.done()
        list(store.results())


def test_a_file_that_is_no_database(tmp_path: Path, key: BatchKey) -> None:
    (tmp_path / "results.db").write_text("student,score\nada,30\n" * 100)
    with pytest.raises(ResultsError, match="damaged or was not written by this kit"):
        read_all(tmp_path)
    with pytest.raises(ResultsError, match="damaged or was not written by this kit"):
        ResultStore.create(tmp_path, key)


def test_a_file_that_was_cut(folder: Path) -> None:
    whole = (folder / "results.db").read_bytes()
    (folder / "results.db").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ResultsError, match="is damaged"):
        read_all(folder)


def test_a_file_with_a_hole(folder: Path) -> None:
    whole = bytearray((folder / "results.db").read_bytes())
    whole[4096 * 2 : 4096 * 4] = b"\xff" * 4096 * 2
    (folder / "results.db").write_bytes(whole)
    with pytest.raises(ResultsError, match="is damaged"):
        read_all(folder)


@pytest.mark.parametrize("later", ["", "ALTER TABLE batch RENAME kit_version TO grader"])
def test_a_later_schema_is_refused_by_name_and_left_alone(folder: Path, later: str) -> None:
    change(folder, "PRAGMA user_version = 99")
    change(folder, "UPDATE batch SET kit_version = '7.1.0'")
    change(folder, later)
    before = (folder / "results.db").read_bytes()
    with pytest.raises(ResultsError) as refused:
        read_all(folder)
    written_by = "it does not say which" if later else "7.1.0"
    assert str(refused.value) == (
        f"{folder / 'results.db'} was written by a newer version of the kit ({written_by}, schema 99). This is "
        f"{__version__}, and reads up to schema {SCHEMA_VERSION}. Use the newer kit, or grade again into another --out."
    )
    assert (folder / "results.db").read_bytes() == before


def test_a_file_that_does_not_say_its_schema(folder: Path) -> None:
    change(folder, "PRAGMA user_version = 0")
    with pytest.raises(ResultsError, match="damaged or was not written by this kit"):
        read_all(folder)


def test_a_database_of_somebody_else(tmp_path: Path, key: BatchKey) -> None:
    change(tmp_path, "CREATE TABLE songs (name)")
    with pytest.raises(ResultsError, match="holds results already"):
        ResultStore.create(tmp_path, key)
    with pytest.raises(ResultsError, match="not written by this kit"):
        read_all(tmp_path)


def test_an_empty_database(tmp_path: Path) -> None:
    change(tmp_path, "VACUUM")
    change(tmp_path, "PRAGMA user_version = 2")
    with pytest.raises(ResultsError, match="no results to go on with: it is empty"):
        read_all(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE submissions SET status = 'splendid'",
        "UPDATE exercises SET facts = '{'",
        "UPDATE exercises SET facts = '3', summary = 'x'",
        "UPDATE submissions SET note = CAST(x'ff' AS TEXT)",
        "UPDATE submissions SET note = x'ff'",
        "UPDATE batch SET seed = 'seven'",
        "DELETE FROM batch",
        "DROP TABLE checks",
        "ALTER TABLE overrides DROP COLUMN reason",
        "ALTER TABLE submissions DROP COLUMN note",
        "ALTER TABLE batch DROP COLUMN device",
    ],
)
def test_contents_that_we_never_wrote(folder: Path, statement: str) -> None:
    change(folder, "UPDATE exercises SET summary = 'there is a finding'")
    change(folder, statement)
    with pytest.raises(ResultsError, match=r"damaged|can't be used"):
        read_all(folder)


def test_a_database_that_somebody_put_into_wal_mode_is_taken_back(folder: Path) -> None:
    change(folder, "PRAGMA journal_mode = WAL")
    read_all(folder)
    assert [path.name for path in folder.iterdir()] == ["results.db"]


def test_a_file_where_the_folder_should_be(tmp_path: Path, key: BatchKey) -> None:
    (tmp_path / "out").write_text("not a folder")
    with pytest.raises(ResultsError, match="can't be the output folder"):
        ResultStore.create(tmp_path / "out", key)


def test_a_folder_where_the_database_should_be(tmp_path: Path) -> None:
    (tmp_path / "results.db" / "inside").mkdir(parents=True)
    with pytest.raises(ResultsError, match="can't be used"):
        ResultStore.reopen(tmp_path)
