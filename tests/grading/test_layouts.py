"""Work that lies elsewhere or is called otherwise, graded for real: full points, or no points and no 0."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.collect.layouts import FROM_SCRATCH, WORK, Layout, layouts, several

pytestmark = pytest.mark.slow

GRADED = (
    "folder, deep, named: canvas of a class",
    "archive, in the course",
    "folder, archive in an archive",
    "archive, archive with backslashes",
    "archive, beside packages",
    "archive, outputs that repeat",
    "folder, cloned, worked in the notebook",
    "folder, stubs of the exact name",
    "folder, one of each",
)
HALF = Layout("half", {"a/b/from_scratch.py": FROM_SCRATCH.encode()})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, quick_course: Path, kit: Callable[..., Any]) -> Any:
    folder = tmp_path_factory.mktemp("class")
    (folder / "in").mkdir()
    every = {each.name: each for each in layouts()}
    for number, name in enumerate(GRADED):
        every[name].write(folder / "in", f"right{number}")
    for number, each in enumerate(several()):
        each.write(folder / "in", f"unclear{number}")
    HALF.write(folder / "in", "half")
    (folder / "in" / "cut.ipynb").write_bytes(WORK[:-100])
    return kit("--course", quick_course, "grade", folder / "in", "--seed", 3, "--jobs", 2, out=folder / "out")


def rows(run: Any) -> dict[str, dict[str, str]]:
    with (run.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_right_work_has_all_points(run: Any) -> None:
    assert run.code == 0, run.text
    found = {name: run.results[f"right{number}"]["score"] for number, name in enumerate(GRADED)}
    assert found == dict.fromkeys(GRADED, 30)


def test_what_is_not_clear_has_a_status_of_its_own_and_no_points(run: Any) -> None:
    unclear = [student for student in run.results if student.startswith("unclear")]
    assert len(unclear) == len(list(several()))
    for student in unclear:
        result, row = run.results[student], rows(run)[student]
        assert (result["status"], result["score"]) == ("not_found", 0)
        assert {each["status"] for each in result["exercises"].values()} == {"not_found"}
        assert {key for key, cell in row.items() if cell} == {"student", "max_score", "status"}
        page = (run.out / "feedback" / f"{student}.txt").read_text()
        assert "not graded" in page
        assert " ".join(result["note"].split())[:60] in " ".join(page.split())
        assert "0 of 30" not in page


def test_one_module_is_graded_without_the_other(run: Any) -> None:
    result, row = run.results["half"], rows(run)["half"]
    assert (result["status"], result["score"], row["score"]) == ("graded", 20, "20")
    for name in ("make_loader", "fit", "predict"):
        assert result["exercises"][name]["status"] == "not_found"
        assert row[name] == ""
    assert result["note"] == "Found in a/b/from_scratch.py."
    assert "with_torch.py was not found in the submission" in result["exercises"]["fit"]["feedback"]


def test_the_end_says_who_needs_a_person_and_what_to_type(run: Any) -> None:
    end = run.text[run.text.index("Needs you:") :]
    for student in ("unclear0", "half", "cut"):
        assert f"  {student}: " in end
    assert "right0" not in end
    assert "v1/from_scratch.py and v2/from_scratch.py" in end
    assert "--resume\n" in end
    assert "python -m grader override set cut to_tensors POINTS --reason TEXT --results " in end
