"""Submissions that change, vanish or can't be read any more while their class is graded."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.gradings import Place
from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow


@pytest.fixture
def class_of_its_own(small_class: Path, tmp_path: Path) -> Path:
    """A copy of the small class, to be changed."""
    return Path(shutil.copytree(small_class, tmp_path / "class"))


def results(out: Path) -> dict[str, dict[str, Any]]:
    return {record["student"]: record for record in map(json.loads, (out / "results.jsonl").read_text().splitlines())}


def test_what_happens_to_submissions_meanwhile_is_their_own_affair_and_resume_sees_how_they_are_then(
    place: Place, class_of_its_own: Path, small_class: Path, same: Callable[[Path], None], tmp_path: Path
) -> None:
    folder, out = class_of_its_own, tmp_path / "out"
    grading = place.start(out, "--seed", 5, folder=folder)
    assert grading.wait_for_result(3)
    # s03 is graded now, which takes seconds: it never ends. The others have not been read.
    shutil.copy(folder / "s00" / "with_torch.py", folder / "s03")
    shutil.copy(folder / "s00" / "from_scratch.py", folder / "s05")
    shutil.rmtree(folder / "s06")
    (folder / "s07" / "from_scratch.py").unlink()
    (folder / "s07" / "from_scratch.py").symlink_to("/etc/passwd")
    shutil.rmtree(folder / "s08")
    (folder / "s08").write_text("a file where a folder was")
    assert grading.end() == 0, grading.text
    found = results(out)
    assert set(found) == {f"s{number:02d}" for number in range(10)}
    assert found["s05"]["score"] == TOTAL, "the one that changed before it was read"
    assert (found["s06"]["status"], found["s08"]["status"]) == ("unreadable", "unreadable")
    assert "can't be read" in found["s06"]["note"]
    assert found["s07"]["exercises"]["mse"]["status"] == "failed"
    assert found["s07"]["exercises"]["fit"]["status"] == "passed"
    shutil.rmtree(folder)
    shutil.copytree(small_class, folder)
    code, text = place.run(out, "--resume", folder=folder)
    assert code == 0, text
    with (out / "changes.csv").open(encoding="utf-8") as file:
        changed = {(row["student"], row["because"]) for row in csv.DictReader(file)}
    assert changed >= {(student, "submission") for student in ("s06", "s07", "s08")}
    assert {because for _, because in changed} == {"submission"}
    (out / "changes.csv").unlink()
    same(out)
