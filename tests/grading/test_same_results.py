"""The same class gets the same results, byte for byte: with one job and with more, on a quiet machine and a busy one.

`CLASS_SIZE=40` makes the class larger, and tries each number of jobs with and without other work.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MODULES, right_source
from tests.load import busy
from tests.one_lesson import one_lesson
from tests.styles.test_styles import RIGHT, extend

pytestmark = pytest.mark.slow

SIZE = int(os.environ.get("CLASS_SIZE", "12"))
BUSY = 8
SEED = 11
# How it is graded; the first is what the others are compared with.
WAYS = [(1, 0), (2, BUSY)] if SIZE <= 12 else [(1, 0), (1, BUSY), (2, 0), (2, BUSY)]
LOOP = "    while True:\n        pass\n"
OUT_OF_HAND = {
    "loops": {"mse": f"def mse(t1, t2):\n{LOOP}"},
    "sleeps": {"fit": "def fit(*args):\n    import time\n    time.sleep(1000)\n"},
    "starts threads": {
        "predict": "def predict(model, region):\n    import hashlib, threading\n    def work():\n        while True:\n"
        "            hashlib.pbkdf2_hmac('sha256', b'', b'', 20_000)\n"
        "    threads = [threading.Thread(target=work) for _ in range(16)]\n"
        "    for each in threads:\n        each.start()\n    for each in threads:\n        each.join()\n"
    },
}
# Right work that takes its time on import. It is CPU time, so that other work makes it take many times as long.
PLOTS = "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n\n"
COMPUTES = "import time\nuntil = time.process_time() + 1.2\nwhile time.process_time() < until:\n    pass\n\n"
HEADS = {"plots": PLOTS, "computes on import": COMPUTES}


@pytest.fixture(scope="module")
def hurried_course(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with limits that right work keeps, and that wall time on a busy machine would not."""
    folder = tmp_path_factory.mktemp("hurried") / "course"
    shutil.copytree(root / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = one_lesson()
    for name, seconds in {"exercise_seconds": 1.5, "import_seconds": 4}.items():
        assert f"\n{name} = 5\n" in text
        text = text.replace(f"\n{name} = 5\n", f"\n{name} = {seconds}\n")
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def handed_in(submit: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    for student, functions in OUT_OF_HAND.items():
        submit(folder, student, **functions)
    for student, head in HEADS.items():
        place = submit(folder, student)
        for module in MODULES:
            path = place / f"{module}.py"
            path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")
    write_notebook(folder / "in a notebook.ipynb")
    made = len(OUT_OF_HAND) + len(HEADS) + 1
    for number in range(SIZE - made):
        extend(submit(folder, f"right {number:02d}"), RIGHT[number % len(RIGHT)])
    return folder


def write_notebook(path: Path) -> None:
    sources = [right_source(module) for module in MODULES]
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": str(number), "metadata": {}, "execution_count": None, "outputs": [], "source": text}
        for number, text in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


@pytest.fixture(scope="module")
def runs(
    handed_in: Path, hurried_course: Path, kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> list[Any]:
    found = []
    for jobs, others in WAYS:
        out = tmp_path_factory.mktemp("out") / "results"
        with busy(others):
            command = ["--course", hurried_course, "grade", handed_in, "--seed", SEED, "--jobs", jobs]
            found.append(kit(*command, out=out, timeout=3000))
    return found


@pytest.mark.soak
def test_results_are_the_same_byte_for_byte_whatever_else_the_machine_does(runs: list[Any]) -> None:
    assert [run.code for run in runs] == [0] * len(WAYS), [run.text for run in runs]
    first, *others = [run.results for run in runs]
    for way, other in zip(WAYS[1:], others, strict=True):
        assert [name for name in first if first[name] != other[name]] == [], way
    assert len({(run.out / "results.jsonl").read_bytes() for run in runs}) == 1


def test_right_work_has_every_point(runs: list[Any]) -> None:
    scores = {name: record["score"] for name, record in runs[0].results.items() if name not in OUT_OF_HAND}
    assert scores == dict.fromkeys(scores, 30)
    assert len(scores) == SIZE - len(OUT_OF_HAND)


def test_what_is_out_of_hand_loses_what_it_must(runs: list[Any]) -> None:
    for student, functions in OUT_OF_HAND.items():
        lost = {name for name, each in runs[0].results[student]["exercises"].items() if each["status"] != "passed"}
        assert lost == {*functions, *(["train"] if "mse" in functions else [])}


def test_nothing_was_doubtful(runs: list[Any]) -> None:
    assert not [run.text for run in runs if "Needs you" in run.text or "Our mistake" in run.text]
