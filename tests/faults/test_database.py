"""A database that is in use or damaged is refused with a sentence, and left as it is."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.gradings import Place

pytestmark = pytest.mark.slow


@pytest.fixture
def finished(undisturbed: Path, tmp_path: Path) -> Path:
    """A copy of the results of a grading that has ended."""
    shutil.copytree(undisturbed, tmp_path / "out")
    return tmp_path / "out"


def test_a_database_that_another_program_holds_is_refused(
    place: Place, finished: Path, same: Callable[[Path], None]
) -> None:
    with closing(sqlite3.connect(finished / "results.db", isolation_level=None)) as other:
        other.execute("begin exclusive")
        code, text = place.run(finished, "--resume")
    assert code == 2
    assert "results.db is in use, most likely by another grading. Wait until it has ended" in text
    same(finished)


@pytest.mark.parametrize("begin", [0, 4096])
def test_a_damaged_database_is_refused_and_not_touched(place: Place, finished: Path, begin: int) -> None:
    damaged = bytearray((finished / "results.db").read_bytes())
    damaged[begin : begin + 4096] = b"\xff" * 4096
    (finished / "results.db").write_bytes(damaged)
    code, text = place.run(finished, "--resume")
    assert code == 2
    assert "results.db is damaged" in text
    assert (finished / "results.db").read_bytes() == damaged


def test_a_second_grading_into_one_folder_is_refused_and_the_first_does_not_notice(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    first = place.start(tmp_path / "out", "--seed", 5)
    assert first.wait_for_result()
    first.send(signal.SIGSTOP)  # or it might be done before the others have begun
    for more in ((), ("--resume",)):
        code, text = place.run(tmp_path / "out", *more)
        assert code == 2
        assert "in use, most likely by another grading" in text
    first.send(signal.SIGCONT)
    assert first.end() == 0, first.text
    same(tmp_path / "out")


def test_of_two_gradings_that_begin_together_one_is_refused(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    both = [place.start(tmp_path / "out", "--seed", 5) for _ in range(2)]
    codes = {grading.end(): grading.text for grading in both}
    assert sorted(codes) == [0, 2], codes
    assert "in use" in codes[2] or "holds results already" in codes[2]
    same(tmp_path / "out")
