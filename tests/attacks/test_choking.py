"""What is small and costs the one who reads it, handed in by a class: it costs its own limits, and nobody else anything."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.attack import EXERCISES, ROOT
from tests.attacks.choking import RIGHT, choking
from tests.one_lesson import one_lesson

pytestmark = pytest.mark.slow

LIMITS = {"exercise_seconds": 2, "submission_seconds": 6, "memory_mb": 256}
MOST_MEMORY = 1 << 20  # KiB, of any process that takes part
# CPU seconds that a submission may cost beside its limits: a process is made, checks are run, pages are written.
BESIDE = 4.0
# Right work, as it is and in styles that were taken for a use of what is forbidden.
HONEST = (
    "",
    "import torch.nn.functional as F\ndef mse(t1, t2):\n    loss = ((t1 - t2) ** 2).mean()\n    return loss\n"
    "def _try():\n    loss = F.mse_loss\n    return loss(torch.ones(2), torch.ones(2))\n",
    "from torch.nn.functional import mse_loss\ndef mse(t1, t2):\n    mse_loss = ((t1 - t2) ** 2).mean()\n    return mse_loss\n",
    "from torch.nn.functional import linear\ndef model(x, w, b):\n    def apply(linear):\n        return linear + b\n"
    "    return apply(x @ w.t())\n",
    "class Own:\n    def linear(self, x, w, b):\n        return x @ w.t() + b\ndef model(x, w, b):\n"
    "    return Own().linear(x, w, b)\n",
)
# `CHOKING='*'` runs all of them, `CHOKING='source_*'` only those; else it is every sixteenth one.
ONLY = os.environ.get("CHOKING", "")
ALL = list(choking())
CORPUS = dict([each for each in ALL if fnmatch(each[0], ONLY)] if ONLY else ALL[::16])
FULL = float(sum(each["points"] for each in EXERCISES.values()))


@dataclass
class Graded:
    """What a grading cost, and what came of it."""

    code: int
    text: str
    cpu: float
    memory: int  # KiB, the most of any process
    records: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Class:
    """A class that hands in all of it, graded, and graded once more with one more honest submission."""

    first: Graded
    resumed: Graded


@pytest.fixture(scope="module")
def choked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """All of it, and honest neighbours between them."""
    folder = tmp_path_factory.mktemp("choking")
    course, work = folder / "course", folder / "submissions"
    shutil.copytree(ROOT / "solutions", course / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = one_lesson()
    for name, value in LIMITS.items():
        text, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        assert count == 1, name
    (course / "course.toml").write_text(text, encoding="utf-8")
    names = sorted(CORPUS)
    for name in names:
        for path, data in CORPUS[name].items():
            _write(work / name / path if path else work / f"{name}.zip", data)
    for number, text in enumerate(HONEST):
        _hand_in_honestly(work, f"{names[len(names) * number // len(HONEST)]}_{number}_honest", text)
    first = _graded(course, work, folder / "results")
    _hand_in_honestly(work, "late_honest", HONEST[0])
    yield Class(first, _graded(course, work, folder / "results", "--resume"))
    shutil.rmtree(folder)


def _hand_in_honestly(work: Path, name: str, more: str) -> None:
    for module, text in RIGHT.items():
        _write(work / name / f"{module}.py", (f"{text}\n{more}" if module == "from_scratch" else text).encode())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _graded(course: Path, work: Path, out: Path, *options: str) -> Graded:
    command = [sys.executable, "-m", "grader", "--course", str(course), "grade", str(work), "--out", str(out)]
    with (out.parent / "text.txt").open("w+", encoding="utf-8") as text:
        process = subprocess.Popen([*command, "--seed", "3", *options], cwd=ROOT, stdout=text, stderr=text)
        _, status, used = os.wait4(process.pid, 0)  # with all processes that it, and those that it made, waited for
        process.returncode = os.waitstatus_to_exitcode(status)
        text.seek(0)
        shown = text.read()
    path = out / "results.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    records = {record["student"]: record for record in map(json.loads, lines)}
    return Graded(process.returncode, shown, used.ru_utime + used.ru_stime, used.ru_maxrss, records)


def test_there_are_many_of_them() -> None:
    assert len(ALL) >= 120
    assert len(CORPUS) >= 8 or ONLY not in ("", "*")


def test_the_grading_ends_with_a_result_for_everybody(choked: Class) -> None:
    assert choked.first.code == 0, choked.first.text
    assert set(CORPUS) <= set(choked.first.records)
    assert len(choked.first.records) == len(CORPUS) + len(HONEST)


def test_none_is_our_mistake(choked: Class) -> None:
    ours = {}
    for name, record in choked.first.records.items():
        statuses = {record["status"], *(each["status"] for each in record["exercises"].values())}
        if "grader_error" in statuses:
            ours[name] = statuses
    assert ours == {}, choked.first.text


def test_honest_neighbours_keep_every_point(choked: Class) -> None:
    honest = {name: record for name, record in choked.first.records.items() if name.endswith("_honest")}
    assert [record["score"] for record in honest.values()] == [FULL] * len(HONEST), honest


def test_no_process_takes_more_memory_than_it_may(choked: Class) -> None:
    assert choked.first.memory < MOST_MEMORY
    assert choked.resumed.memory < MOST_MEMORY


def test_all_of_it_costs_no_more_than_its_limits(choked: Class) -> None:
    limits = LIMITS["submission_seconds"] + LIMITS["exercise_seconds"]  # of running it, and of reading it
    assert choked.first.cpu < (len(CORPUS) + len(HONEST) + 1) * (limits + BESIDE)


def test_a_resumed_grading_keeps_all_results_and_adds_those_that_came(choked: Class) -> None:
    assert choked.resumed.code == 0, choked.resumed.text
    assert choked.resumed.records.pop("late_honest")["score"] == FULL
    assert choked.resumed.records == choked.first.records


def test_an_answer_spoils_its_own_exercise_and_no_other(choked: Class) -> None:
    for name in [each for each in CORPUS if each.startswith("answer_") and "forged" not in each]:
        exercises = choked.first.records[name]["exercises"]
        whole = {each for each, result in exercises.items() if result["score"] == result["max_score"]}
        assert whole == EXERCISES.keys() - {"mse", "train"}, (name, exercises)
        assert exercises["mse"]["score"] == 0, (name, exercises["mse"])
