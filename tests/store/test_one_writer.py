"""Two gradings on one folder: the second is told, and nothing is left behind when the first is killed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.errors import ResultsError
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

Process = Callable[[str, Path], "subprocess.Popen[str]"]

HOLD = """
store = ResultStore.create(folder, key)
say("holding")
time.sleep(600)
"""

REOPEN = """
try:
    ResultStore.reopen(folder)
except ResultsError as error:
    say(error)
"""

RACE = """
try:
    with ResultStore.create(folder, key) as store:
        store.put(result("ada"), "d", 0.1)
        time.sleep(0.3)
    say("won")
except ResultsError as error:
    say(f"told: {error}")
"""


def test_a_second_process_is_refused_with_a_sentence_until_the_first_is_killed(
    tmp_path: Path, key: BatchKey, process: Process
) -> None:
    first = process(HOLD, tmp_path)
    assert first.stdout is not None
    assert first.stdout.readline() == "holding\n"
    with pytest.raises(ResultsError, match="in use, most likely by another grading"):
        ResultStore.reopen(tmp_path)
    with pytest.raises(ResultsError, match="in use, most likely by another grading"):
        ResultStore.create(tmp_path, key)
    first.kill()
    first.wait()
    with ResultStore.reopen(tmp_path):
        second = process(REOPEN, tmp_path)
        assert "in use, most likely by another grading" in second.communicate(timeout=600)[0]


def test_of_several_that_begin_together_one_wins_and_the_others_are_told(tmp_path: Path, process: Process) -> None:
    several = [process(RACE, tmp_path) for _ in range(3)]
    said = [one.communicate(timeout=600) for one in several]
    assert [errors for _, errors in said] == ["", "", ""]
    assert sorted(out.split(":")[0].strip() for out, _ in said) == ["told", "told", "won"]
    with ResultStore.reopen(tmp_path) as store:
        assert store.done() == {"ada": "d"}


def test_one_process_does_not_open_a_folder_twice(tmp_path: Path, key: BatchKey) -> None:
    with ResultStore.create(tmp_path, key), pytest.raises(ResultsError, match="in use"):
        ResultStore.reopen(tmp_path)
    ResultStore.reopen(tmp_path).close()
