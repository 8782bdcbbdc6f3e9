"""A database that an earlier version of the kit wrote is brought up to date, and loses nothing.

`schema_N.sql` is what the last kit with that schema wrote, dumped then. Whoever changes the tables adds a step to
`grader/results/database.py`, and leaves the dump of the tables as they were here.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import ResultsError
from grader.core.records import (
    Cause,
    Comment,
    Effort,
    Excerpt,
    ExerciseStatus,
    Finding,
    Source,
    SubmissionResult,
)
from grader.results.database import SCHEMA_VERSION
from grader.results.decisions import Decision
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

Process = Callable[[str, Path], "subprocess.Popen[str]"]
WrittenBy = Callable[[int, Path], Path]

AT = "2026-11-24T10:00:00+01:00"
BOB = "bob\udc80"
FOUND = Finding("mse_loss is not allowed.", (("where", "line 3"), ("called", "mse(\ud83d)")), "Write it yourself.")
EARLIER = range(1, SCHEMA_VERSION + 1)

# Dies when all steps are taken, before the commit.
DIE_ON_THE_WAY = f"""
seen = []
def watch(statement):
    seen.append(statement)
    if "PRAGMA user_version = {SCHEMA_VERSION}" in seen and statement == "COMMIT":
        die()

on_each_statement(watch)
ResultStore.reopen(folder)
"""


def tables(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What SQLite makes of the tables: names, types, defaults and keys of the columns; and the references."""
    with closing(sqlite3.connect(database)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {
            name: [
                *file.execute(f"PRAGMA table_info({name})").fetchall(),
                *file.execute(f"PRAGMA foreign_key_list({name})").fetchall(),
            ]
            for name in names
        }


def schema_of(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "results.db")) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("schema", EARLIER)
def test_it_ends_up_with_the_tables_of_a_new_one(
    tmp_path: Path, key: BatchKey, written_by: WrittenBy, schema: int
) -> None:
    ResultStore.create(tmp_path / "new", key).close()
    ResultStore.reopen(written_by(schema, tmp_path / "old")).close()
    assert tables(tmp_path / "old" / "results.db") == tables(tmp_path / "new" / "results.db")
    assert schema_of(tmp_path / "old") == schema_of(tmp_path / "new") == SCHEMA_VERSION


def test_tables_are_not_changed_without_a_step(tmp_path: Path, key: BatchKey, written_by: WrittenBy) -> None:
    ResultStore.create(tmp_path / "new", key).close()
    dumped = written_by(SCHEMA_VERSION, tmp_path / "dumped")
    assert schema_of(dumped) == SCHEMA_VERSION
    assert tables(dumped / "results.db") == tables(tmp_path / "new" / "results.db")


def test_one_that_is_up_to_date_is_not_written_to(tmp_path: Path, written_by: WrittenBy) -> None:
    written_by(SCHEMA_VERSION, tmp_path)
    before = (tmp_path / "results.db").read_bytes()
    ResultStore.reopen(tmp_path).close()
    assert (tmp_path / "results.db").read_bytes() == before


@pytest.mark.parametrize("schema", EARLIER)
def test_its_results_are_read_as_they_were_written(tmp_path: Path, written_by: WrittenBy, schema: int) -> None:
    with ResultStore.reopen(written_by(schema, tmp_path)) as store:
        assert store.key == BatchKey("linear_regression", 2**80 + 7, "cpu", "5f0c", "0.1.0")
        assert re.fullmatch(r"2026-11-29T12:\d\d:\d\d\+00:00", store.begun())
        results = {result.student: result.as_checked() for result in store.results()}
        assert store.done()["ada"] == "digest of ada"
    ada = results["ada"].exercises[0]
    assert (ada.id, ada.status, ada.score, ada.finding) == ("mse", ExerciseStatus.FORBIDDEN, 0.0, FOUND)
    assert [(check.id, check.points) for check in ada.checks] == [("values", 3.0), ("shape", 0.0)]
    assert results["ada"].trusted == (schema > 1)
    assert results["ada"].variant == ("b" if schema > 6 else "")
    assert results["ada"].graded_at == ("2026-11-30T17:30:00+00:00" if schema > 4 else "")
    assert BOB in results
    causes = [exercise.cause for exercise in results[BOB].exercises if exercise.cause]
    assert causes == ([Cause("bank", "from_scratch", 3, "The sum.")] if schema > 2 else [])


@pytest.mark.parametrize("schema", EARLIER)
def test_what_was_graded_and_what_it_took_is_known_from_schema_6_on(
    tmp_path: Path, written_by: WrittenBy, schema: int
) -> None:
    with ResultStore.reopen(written_by(schema, tmp_path)) as store:
        sources = {student: store.sources(student) for student in store.students()}
        known = [(each.around, each.effort) for result in store.results() for each in result.exercises if each.effort]
    since = schema > 5
    assert sources["ada"] == [Source("from_scratch", ((1, None, "import torch"), (2, None, "")), 3)] * since
    assert sources[BOB] == []
    assert known == [(Excerpt(2, ("def mse(a, b):", "    return (a - b).sum()")), Effort(0.25, 0.05))] * since


def test_every_override_of_schema_2_is_kept_and_counts(tmp_path: Path, written_by: WrittenBy) -> None:
    with ResultStore.reopen(written_by(2, tmp_path)) as store:
        assert store.decisions() == [
            Decision("ada", "mse", 1.0, "First.", "helena", AT, 0.0),
            Decision("ada", "mse", 4.0, "Agreed in class.", "helena", AT, 0.0),
            Decision(BOB, "mse", 3.0, "Nearly.", "otto", AT, 0.0),
            Decision(BOB, "mse", None, "", "otto", AT, 0.0),
            Decision("gone", "train", 2.0, "On paper \ud83d.", "helena", AT, 0.0),
        ]
        assert [(each.student, each.points) for each in store.overrides()] == [("ada", 4.0), ("gone", 2.0)]
        assert {result.student: result.score for result in store.results()} == {"ada": 9.0, BOB: 2.5, "cy": 0.0}


def test_groups_and_what_is_said_to_them_are_read_from_schema_6_on(tmp_path: Path, written_by: WrittenBy) -> None:
    with ResultStore.reopen(written_by(6, tmp_path)) as store:
        ada = store.result("ada")
        assert ada is not None
        mse = next(exercise for exercise in ada.exercises if exercise.id == "mse")
        assert (mse.group, mse.written) == ("mse-0b5e11", "ab12")
        assert mse.comments == (Comment("Draw it.", "helena", "2026-11-30T20:00:00+01:00"),)
        assert (mse.override is not None and mse.override.points) == 4.0  # ada's own, before the group's
        assert ada.comments == ()
        assert [each.points for each in store.overrides()] == [2.0, 4.0, 2.0]
        assert [each.text for each in store.remarks()] == ["Draw it.", "Well done.", None]


@pytest.mark.parametrize("schema", EARLIER)
def test_what_it_was_graded_with_is_known_from_schema_4_on(tmp_path: Path, written_by: WrittenBy, schema: int) -> None:
    with ResultStore.reopen(written_by(schema, tmp_path)) as store:
        known = schema > 3
        assert store.graded_with()["ada"]["mse"] == (ExerciseStatus.FORBIDDEN, "ab/cd" if known else "")
        assert [(each.student, each.before, each.checks) for each in store.changes()] == [
            ("ada", 4.0, ("values",))
        ] * known


def test_a_file_of_schema_1_takes_overrides_from_now_on(
    tmp_path: Path, written_by: WrittenBy, result_of: Callable[..., SubmissionResult]
) -> None:
    decision = Decision("ada", "mse", 0.25, "Nearly.", "helena", AT, 0.0)
    with ResultStore.reopen(written_by(1, tmp_path)) as store:
        store.put(result_of("new"), "d", 0.1)
        store.decide(decision)
    with ResultStore.reopen(tmp_path) as store:
        assert store.decisions() == [decision]
        assert {result.student: result.score for result in store.results()} == {"ada": 0.25, BOB: 0.0, "new": 1.0}


def test_a_damaged_one_is_refused_and_left_alone(tmp_path: Path, written_by: WrittenBy) -> None:
    written_by(1, tmp_path)
    whole = bytearray((tmp_path / "results.db").read_bytes())
    whole[4096 * 4 : 4096 * 6] = b"\xff" * 4096 * 2
    (tmp_path / "results.db").write_bytes(whole)
    with pytest.raises(ResultsError, match="is damaged"):
        ResultStore.reopen(tmp_path)
    assert (tmp_path / "results.db").read_bytes() == whole


def test_killed_on_the_way_it_is_as_it_was(tmp_path: Path, process: Process, written_by: WrittenBy) -> None:
    written_by(1, tmp_path)
    before = tables(tmp_path / "results.db")
    killed = process(DIE_ON_THE_WAY, tmp_path)
    errors = killed.communicate(timeout=600)[1]
    assert killed.returncode == -9, errors
    assert schema_of(tmp_path) == 1
    assert tables(tmp_path / "results.db") == before
    with ResultStore.reopen(tmp_path) as store:
        assert [result.student for result in store.results()] == ["ada", BOB]
