"""The benchmark measures and writes its tables. What it measures is never asserted here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*arguments):
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_writes_what_it_measured(tmp_path):
    done = run("--quick", "--only", "fits,floor", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "results.md").read_text("utf-8")
    assert "three fits" in table
    assert "the checks alone" in table
    assert "three fits" in done.stdout
    seconds = json.loads((tmp_path / "results.json").read_text("utf-8"))["numbers"]["seconds"]
    assert all(value > 0 for name in ("fits", "floor") for value in seconds[name])
    assert len(seconds["floor"]) == len(seconds["fits"]) == 2


def test_names_a_part_that_does_not_exist():
    done = run("--only", "fist")
    assert done.returncode == 2
    assert "there is no fist" in done.stderr


def test_a_wrong_and_a_right_save_are_measured_while_the_self_check_watches():
    command = [sys.executable, "-m", "benchmarks.watch", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    saves = {name: values for name, values in json.loads(done.stdout).items() if "save to verdict" in name}
    assert len(saves) == 2
    assert all(len(values) == 2 and min(values) > 0 for values in saves.values())
