"""A large class is written, graded, killed, resumed and reported; what is lost, doubled, wrong or not level is said."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.large_class import write_class
from benchmarks.scale import Graded, Sample, judge, wrong_results
from benchmarks.subject import write
from grader.results.export.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent.parent
KINDS = {"ada": "right", "bob": "wrong", "eve": "loop"}


def texts_of(entry: Path) -> str:
    """All that is in an entry, without the name of its learner."""
    if entry.suffix == ".zip":
        with zipfile.ZipFile(entry) as archive:
            text = "".join(archive.read(name).decode() for name in archive.namelist())
    elif entry.is_dir():
        text = "".join(path.read_text("utf-8") for path in sorted(entry.iterdir()))
    else:
        text = entry.read_text("utf-8")
    return text.replace(entry.stem, "")


def test_no_two_submissions_of_a_class_are_alike(tmp_path: Path) -> None:
    kinds = write_class(tmp_path / "class", 60)
    entries = list((tmp_path / "class").iterdir())
    assert sorted(entry.stem for entry in entries) == sorted(kinds)
    assert len({texts_of(entry) for entry in entries}) == 60
    assert Counter(kinds.values())["loop"] == 1
    assert {entry.suffix for entry in entries} == {"", ".zip", ".ipynb"}
    assert {len(list(entry.iterdir())) for entry in entries if entry.is_dir()} == {1, 2}


def test_the_same_number_gives_the_same_class(tmp_path: Path) -> None:
    assert write_class(tmp_path / "one", 20) == write_class(tmp_path / "other", 20)
    for entry in (tmp_path / "one").iterdir():
        assert texts_of(entry) == texts_of(tmp_path / "other" / entry.name)


def results(folder: Path, **scores: int) -> Path:
    path = folder / "results.jsonl"
    records = [{"student": name, "score": score, "max_score": 30, "status": "graded"} for name, score in scores.items()]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_results_that_are_as_they_must_be_are_no_problem(tmp_path: Path) -> None:
    assert wrong_results(results(tmp_path, ada=30, bob=20, eve=0), KINDS) == []


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"ada": 30, "bob": 20}, "1 have no result: eve."),
        ({"ada": 29, "bob": 20, "eve": 0}, "1 are right and don't have every point: ada."),
        ({"ada": 30, "bob": 30, "eve": 0}, "1 are wrong and have every point: bob."),
        ({"ada": 30, "bob": 20, "eve": 0, "dan": 3}, "1 have a result and were not handed in: dan."),
    ],
)
def test_a_result_that_is_not_as_it_must_be_is_said(tmp_path: Path, scores: dict[str, int], said: str) -> None:
    assert wrong_results(results(tmp_path, **scores), KINDS) == [said]


def test_a_result_that_is_there_twice_is_said(tmp_path: Path) -> None:
    path = results(tmp_path, ada=30, bob=20, eve=0)
    path.write_text(path.read_text("utf-8") + path.read_text("utf-8").splitlines()[1] + "\n", encoding="utf-8")
    assert wrong_results(path, KINDS) == ["1 have more than one result: bob."]


def run_with(mb: list[float], graded_at: list[float]) -> Graded:
    """A grading whose main process had so much memory, and that had graded another quarter at these seconds."""
    found, seconds, graded = Graded(400), 0.0, 0
    for quarter, end in enumerate(graded_at):
        for part in range(1, 11):
            graded = 100 * quarter + 10 * part
            moment = seconds + (end - seconds) * part / 10
            found.samples.append(Sample(moment, graded, {"main process": mb[quarter]}))
        seconds = end
    return found


def test_level_memory_and_rate_are_no_problem() -> None:
    assert judge(run_with([50, 50, 52, 55], [10, 20, 30, 41])) == []


def test_memory_that_grows_is_said() -> None:
    said = judge(run_with([50, 50, 60, 70], [10, 20, 30, 40]))
    assert "Memory of main process grew from 50 MB in the second quarter to 70 MB." in said


def test_a_rate_that_falls_is_said() -> None:
    said = judge(run_with([50] * 4, [10, 20, 30, 45]))
    assert [line.split(" from ")[0] for line in said] == ["The rate fell"]


def test_reports_that_come_after_the_last_result_are_no_part_of_the_last_quarter() -> None:
    found = run_with([50] * 4, [10, 20, 30, 40])
    found.samples += [Sample(100, 400, {"main process": 500}), Sample(200, 400, {})]
    assert judge(found) == []


@pytest.mark.soak
def test_a_small_class_goes_all_the_way(tmp_path: Path) -> None:
    page = ROOT / "docs" / "scale.md"
    before = page.read_bytes() if page.exists() else None
    command = [sys.executable, "-m", "benchmarks.scale", "--size", "40", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "scale.md").read_text("utf-8")
    assert "As it should be: every submission has one result" in text
    assert "Killed with SIGKILL" in text
    for name in ("override set", "groups", "similar", "grade --resume", *(f"export {each}" for each in FORMATS)):
        assert f"| `{name}" in text
    for kind in ("main process", "grading processes", "zygotes", "learners' processes"):
        assert f"| MB, {kind} |" in text
    assert (tmp_path / "scale.svg").read_text("utf-8").count("<svg") == 1
    assert str(ROOT) not in text
    assert (page.read_bytes() if page.exists() else None) == before


@pytest.mark.soak
def test_the_fork_server_gives_every_point_to_right_work_and_to_no_other(tmp_path: Path) -> None:
    for kind, right in (("right", 2), ("notebook", 2), ("wrong", 0)):
        command = [sys.executable, "-m", "benchmarks.fork_server", str(write(tmp_path / kind, 2, kind)), "2"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
        assert done.stdout.count("right: ") == right, done.stdout + done.stderr
