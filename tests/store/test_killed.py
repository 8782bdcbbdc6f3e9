"""A writer that is killed loses at most the transaction in flight."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

pytestmark = pytest.mark.slow

Process = Callable[[str, Path], "subprocess.Popen[str]"]

# Writes as fast as it can and says what is safe.
WRITE = """
begun = (folder / "results.db").exists()
with ResultStore.reopen(folder) if begun else ResultStore.create(folder, key) as store:
    for number in range(len(store.done()), 10_000):
        store.put(result(f"student {number:05}", size=3_000), "d", 0.1)
        say(number)
"""

# Dies between its last statement and its commit, with pages already written to the file.
DIE_IN_A_TRANSACTION = """
with ResultStore.create(folder, key) as store:
    store.put(result("ada"), "first", 0.1)
    connection = store._database.connection
    connection.execute("PRAGMA cache_size = 1")
    connection.set_trace_callback(lambda statement: die() if statement == "COMMIT" else None)
    store.put(result("ada", ExerciseStatus.FAILED, size=200_000), "second", 0.1)
"""

WAIT_AFTER_PUT = """
store = ResultStore.create(folder, key)
for student in ("ada", "bob", "cy"):
    store.put(result(student), "d", 0.1)
say("safe")
time.sleep(600)
"""

DIE_AT_BIRTH = """
seen = []
def watch(statement):
    seen.append(statement.split("(")[0].strip())
    if "CREATE TABLE overrides" in seen and statement == "COMMIT":
        die()

on_each_statement(watch)
ResultStore.create(folder, key)
"""


def test_kills_at_any_moment_lose_nothing_that_was_put(tmp_path: Path, process: Process) -> None:
    safe = 0
    for seconds in (0.013, 0.05, 0.021):
        writer = process(WRITE, tmp_path)
        assert writer.stdout is not None
        said = writer.stdout.readline()
        assert said, writer.communicate()[1]
        time.sleep(seconds)
        writer.kill()
        rest = writer.communicate()[0]
        safe = 1 + int((said + rest).splitlines()[-1])
        with ResultStore.reopen(tmp_path) as store:
            students = [result.student for result in store.results()]
        assert students == [f"student {number:05}" for number in range(len(students))]
        assert len(students) in (safe, safe + 1)
    assert safe > 3


def test_a_transaction_that_was_cut_off_is_rolled_back(tmp_path: Path, process: Process) -> None:
    writer = process(DIE_IN_A_TRANSACTION, tmp_path)
    errors = writer.communicate(timeout=600)[1]
    assert writer.returncode == -9, errors
    with ResultStore.reopen(tmp_path) as store:
        assert store.done() == {"ada": "first"}
        assert [result.exercises[0].status for result in store.results()] == ["passed"]


def test_results_db_alone_is_a_whole_copy_after_a_kill(tmp_path: Path, process: Process) -> None:
    writer = process(WAIT_AFTER_PUT, tmp_path / "out")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "safe\n"
    writer.kill()
    writer.wait()
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "out" / "results.db", tmp_path / "copy")
    with ResultStore.reopen(tmp_path / "copy") as store:
        assert list(store.done()) == ["ada", "bob", "cy"]


def test_nothing_but_the_database_is_left_when_all_went_well(tmp_path: Path, key: BatchKey) -> None:
    ResultStore.create(tmp_path, key).close()
    ResultStore.reopen(tmp_path).close()
    assert [path.name for path in tmp_path.iterdir()] == ["results.db"]


def test_a_grading_that_was_killed_as_it_began_is_no_obstacle(tmp_path: Path, key: BatchKey, process: Process) -> None:
    writer = process(DIE_AT_BIRTH, tmp_path)
    errors = writer.communicate(timeout=600)[1]
    assert writer.returncode == -9, errors
    assert (tmp_path / "results.db").exists()
    ResultStore.create(tmp_path, key).close()


@pytest.mark.parametrize("left", ["results.db", "feedback"])
def test_an_empty_leftover_is_no_result(tmp_path: Path, key: BatchKey, left: str) -> None:
    (tmp_path / "feedback").mkdir() if left == "feedback" else (tmp_path / left).touch()
    ResultStore.create(tmp_path, key).close()
