"""A batch that is stopped goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STUDENTS = [f"s{number:02d}" for number in range(8)]
WRONG = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path]) -> Path:
    place = tmp_path_factory.mktemp("class")
    for number, student in enumerate(STUDENTS):
        submit(place, student, **({"mse": WRONG} if number % 2 else {}))
    return place


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Any:
    run = kit("grade", folder, "--seed", 5, out=tmp_path_factory.mktemp("undisturbed") / "out")
    assert run.code == 0, run.text
    return run


def stored(out: Path) -> int:
    with contextlib.closing(sqlite3.connect(out / "results.db")) as database:
        return int(database.execute("select count(*) from submissions").fetchone()[0])


def start(root: Path, folder: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grader", "grade", str(folder), "--out", str(out), "--jobs", "2", *more]
    return subprocess.Popen(command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def wait_for(process: subprocess.Popen[str], count: int) -> None:
    """Until this many more results are stored; a line is printed for each, once it is."""
    assert process.stdout
    while count:
        line = process.stdout.readline()
        assert line, "it ended before it could be disturbed"
        count -= ": graded, " in line


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in found.splitlines()]
    mine = [child for child, parent in pairs if parent == pid]
    return mine + [each for child in mine for each in children_of(child)]


def test_killed_at_random_moments_it_ends_like_an_undisturbed_run(
    root: Path, folder: Path, undisturbed: Any, kit: Callable[..., Any], tmp_path: Path
) -> None:
    out, chance = tmp_path / "out", random.Random(11)
    process = start(root, folder, out, "--seed", "5")
    kept = 0
    for count in (1, 3):
        wait_for(process, count)
        time.sleep(chance.uniform(0, 0.2))
        family = children_of(process.pid)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not [pid for pid in family if Path(f"/proc/{pid}").exists()], "nothing outlives the grader"
        assert kept + count <= stored(out) < len(STUDENTS)
        kept = stored(out)
        process = start(root, folder, out, "--resume")
    text, _ = process.communicate()
    assert process.returncode == 0, text
    assert f"{kept} of {len(STUDENTS)} submissions have a result already." in text
    assert (out / "results.jsonl").read_bytes() == (undisturbed.out / "results.jsonl").read_bytes()
    assert (out / "grades.csv").read_bytes() == (undisturbed.out / "grades.csv").read_bytes()
    assert stored(out) == len(STUDENTS)


def test_interrupted_by_ctrl_c_it_says_how_to_go_on(root: Path, folder: Path, undisturbed: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(root, folder, out, "--seed", "5")
    wait_for(process, 2)
    process.send_signal(signal.SIGINT)
    text, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in text
    assert "Traceback" not in text
    assert not (out / "results.jsonl").exists(), "a half-graded class must not look like a graded one"
    process = start(root, folder, out, "--resume")
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 0, text
    assert (out / "results.jsonl").read_bytes() == (undisturbed.out / "results.jsonl").read_bytes()


def test_a_grading_process_or_zygote_that_is_killed_costs_nobody_a_point(
    root: Path, folder: Path, undisturbed: Any, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start(root, folder, out, "--seed", "5")
    wait_for(process, 1)
    for pid in children_of(process.pid)[:2]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    text, _ = process.communicate(timeout=120)
    assert process.returncode == 0, text
    assert (out / "results.jsonl").read_bytes() == (undisturbed.out / "results.jsonl").read_bytes()


def test_a_folder_that_holds_results_is_refused_without_resume(
    folder: Path, undisturbed: Any, kit: Callable[..., Any]
) -> None:
    before = (undisturbed.out / "results.jsonl").read_bytes()
    again = kit("grade", folder, out=undisturbed.out)
    assert again.code == 2
    assert "--resume" in again.stderr
    assert (undisturbed.out / "results.jsonl").read_bytes() == before


def test_resume_grades_what_has_changed_and_drops_who_is_gone(
    folder: Path, undisturbed: Any, submit: Callable[..., Path], kit: Callable[..., Any], tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "in")
    shutil.copytree(undisturbed.out, tmp_path / "out")
    shutil.rmtree(tmp_path / "in" / "s00")
    shutil.rmtree(tmp_path / "in" / "s01")
    submit(tmp_path / "in", "s01")
    again = kit("grade", tmp_path / "in", "--resume", out=tmp_path / "out")
    assert again.code == 0, again.text
    assert "6 of 7 submissions have a result already." in again.stdout
    assert "s00" not in again.results
    assert again.results["s01"]["score"] == 30
    assert not (tmp_path / "out" / "feedback" / "s00.html").exists()


def test_resume_with_other_checks_is_refused(
    folder: Path, undisturbed: Any, quick_course: Path, kit: Callable[..., Any]
) -> None:
    again = kit("--course", quick_course, "grade", folder, "--resume", out=undisturbed.out)
    assert again.code == 2
    assert "have changed" in again.stderr


def test_only_grades_whom_it_names(folder: Path, kit: Callable[..., Any], tmp_path: Path) -> None:
    run = kit("grade", folder, "--only", "s03", out=tmp_path / "out")
    assert run.code == 0, run.text
    assert list(run.results) == ["s03"]
    wrong = kit("grade", folder, "--only", "s3", out=tmp_path / "other")
    assert wrong.code == 2
    assert 'Did you mean "s0' in wrong.stderr
