"""`python -m grader grade`, on submissions that are right, wrong, unfinished and out of hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lesson_points import TOTAL

LOOP = "def mse(t1, t2):\n    while True:\n        pass\n"
FUNCTIONS = {
    "right": {},
    "loops": {"mse": LOOP},
    "exits": {"mse": "def mse(t1, t2):\n    import os\n    os._exit(0)\n"},
    "leaves": {"mse": "def mse(t1, t2):\n    raise SystemExit\n"},
    "interrupts": {"mse": "def mse(t1, t2):\n    raise KeyboardInterrupt\n"},
    "segfaults": {"mse": "def mse(t1, t2):\n    import ctypes\n    ctypes.string_at(0)\n"},
    "eats": {"mse": "def mse(t1, t2):\n    hog = []\n    while True:\n        hog.append(torch.ones(10_000_000))\n"},
    "prints": {"mse": "def mse(t1, t2):\n    while True:\n        print('x' * 10_000)\n"},
    "recurses": {"mse": "def mse(t1, t2):\n    return mse(t1, t2)\n"},
    "sleeps": {"fit": "def fit(*args):\n    import time\n    time.sleep(100)\n"},
    "forges": {
        "mse": "def mse(t1, t2):\n    import os\n    for fd in range(3, 64):\n        try:\n"
        "            os.write(fd, b'\\x20\\0\\0\\0\\0\\0\\0\\0' + b'{\"body\": 1, \"buffers\": []}')\n"
        "        except OSError:\n            pass\n    return t1.mean()\n"
    },
    "huge": {"train": "def train(*args):\n    return [0.0] * 10_000_000\n"},
    "forbidden": {"mse": "def mse(t1, t2):\n    return torch.nn.functional.mse_loss(t1, t2)\n"},
    "hides": {
        "mse": "def mse(t1, t2):\n    name = 'mse_' + 'loss'\n    return vars(torch.nn.functional)[name](t1, t2)\n"
    },
    "sums": {"mse": "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"},
    "todo": {"mse": "def mse(t1, t2):\n    raise NotImplementedError\n"},
    "imports": {
        "mse": "def mse(t1, t2):\n    import solutions.linear_regression.from_scratch as s\n    return s.mse(t1, t2)\n"
    },
    "surrogate": {"mse": "def mse(t1, t2):\n    raise ValueError('\\ud800 \\x1b[31m \\u202e ' + 'y' * 10**6)\n"},
    "moves": {
        "mse": "def mse(t1, t2):\n    d = t1 - t2\n    return (d ** 2).mean() + (d * torch.zeros(d.shape)).sum()\n"
    },
}


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, quick_course: Path, submit: Callable[..., Path], kit: Callable[..., Any]
) -> Any:
    folder = tmp_path_factory.mktemp("class")
    for student, functions in FUNCTIONS.items():
        submit(folder / "in", student, **functions)
    (folder / "in" / "hangs").mkdir()
    (folder / "in" / "hangs" / "from_scratch.py").write_text("while True:\n    pass\n")
    (folder / "in" / "hangs" / "with_torch.py").write_text((folder / "in" / "right" / "with_torch.py").read_text())
    return kit("--course", quick_course, "grade", folder / "in", "--seed", 3, out=folder / "out")


def exercise(run: Any, student: str, name: str = "mse") -> dict[str, Any]:
    found: dict[str, Any] = run.results[student]["exercises"][name]
    return found


def test_everybody_gets_a_result_and_the_run_succeeds(run: Any) -> None:
    assert run.code == 0, run.text
    assert set(run.results) == {*FUNCTIONS, "hangs"}
    assert {record["status"] for record in run.results.values()} == {"graded"}
    assert {record["max_score"] for record in run.results.values()} == {TOTAL}


def test_by_default_nothing_is_said_of_trust(run: Any) -> None:
    assert "trusted" not in run.text + (run.out / "results.jsonl").read_text(encoding="utf-8")


def test_the_reference_earns_every_point(run: Any) -> None:
    record = run.results["right"]
    assert record["score"] == TOTAL
    assert {each["status"] for each in record["exercises"].values()} == {"passed"}
    assert {each["feedback"] for each in record["exercises"].values()} == {""}


@pytest.mark.parametrize(
    ("student", "status"),
    [
        ("loops", "timed_out"),
        ("exits", "crashed"),
        ("leaves", "failed"),
        ("interrupts", "failed"),
        ("segfaults", "crashed"),
        ("eats", "failed"),
        ("prints", "crashed"),
        ("recurses", "failed"),
        ("forges", "crashed"),
        ("forbidden", "forbidden"),
        ("hides", "forbidden"),
        ("sums", "failed"),
        ("todo", "todo"),
        ("imports", "failed"),
        ("surrogate", "failed"),
    ],
)
def test_what_is_out_of_hand_costs_its_own_exercise_and_those_that_need_it(run: Any, student: str, status: str) -> None:
    mine = exercise(run, student)
    assert (mine["status"], mine["score"]) == (status, 0)
    assert mine["feedback"]
    others = {name: each for name, each in run.results[student]["exercises"].items() if name not in ("mse", "train")}
    assert {each["status"] for each in others.values()} == {"passed"}


def test_what_needs_a_broken_exercise_is_blocked_and_says_by_what(run: Any) -> None:
    assert exercise(run, "sums", "train")["status"] == "blocked"
    assert "mse" in exercise(run, "sums", "train")["feedback"]


def test_an_exercise_that_needs_a_forbidden_but_working_one_is_judged_by_itself(run: Any) -> None:
    assert exercise(run, "forbidden", "train")["status"] == "passed"


def test_a_forbidden_function_is_named_with_its_line(run: Any) -> None:
    feedback = exercise(run, "forbidden")["feedback"]
    assert "torch.nn.functional.mse_loss" in feedback
    assert "from_scratch.py, line" in feedback


def test_a_module_that_hangs_is_tried_once_and_leaves_the_other_module_its_points(run: Any) -> None:
    record = run.results["hangs"]
    statuses = {name: each["status"] for name, each in record["exercises"].items()}
    assert {statuses[name] for name in ("to_tensors", "model", "mse", "gradient_step")} == {"timed_out"}
    assert {statuses[name] for name in ("make_loader", "fit", "predict")} == {"passed"}
    assert "Importing from_scratch.py took longer than the 5-second limit" in record["exercises"]["model"]["feedback"]


def test_a_sleeping_call_is_stopped_at_its_limit(run: Any) -> None:
    assert exercise(run, "sleeps", "fit")["status"] == "timed_out"
    assert re.search(r"ran past \w+ [\d.]+-second limit", exercise(run, "sleeps", "fit")["feedback"])


def test_too_much_in_return_is_the_learners_failure(run: Any) -> None:
    assert exercise(run, "huge", "train")["status"] == "failed"


def test_the_reason_is_told(run: Any) -> None:
    assert "exit code 0" in exercise(run, "exits")["feedback"]
    assert "signal 11" in exercise(run, "segfaults")["feedback"]
    assert "memory" in exercise(run, "eats")["feedback"]
    assert "printed more than" in exercise(run, "prints")["feedback"]
    assert "RecursionError" in exercise(run, "recurses")["feedback"]


def test_a_wrong_value_is_told_with_what_was_called_and_expected(run: Any) -> None:
    lines = exercise(run, "sums")["feedback"]
    assert "import torch; from from_scratch import mse; print(mse(torch.tensor([[1.0" in lines
    for label in ("gives", "right is", "where", "sum of the squares"):
        assert label in lines


def test_feedback_never_quotes_a_hidden_check_its_name_or_the_seed(run: Any) -> None:
    for record in run.results.values():
        for each in record["exercises"].values():
            assert "test_" not in each["feedback"]
            assert "seed" not in each["feedback"]
            assert "assert" not in each["feedback"]


def test_text_from_a_learner_is_inert(run: Any) -> None:
    feedback = exercise(run, "surrogate")["feedback"]
    assert "\x1b" not in feedback
    assert "\u202e" not in feedback
    assert len(feedback) < 2000


def test_a_function_that_ignores_the_device_is_advised_and_loses_nothing(run: Any) -> None:
    mine = exercise(run, "moves")
    assert (mine["status"], mine["score"]) == ("passed", 4)
    assert "Advice: On a GPU this would mix devices" in mine["feedback"]


def test_scores_are_the_sum_of_their_checks(run: Any) -> None:
    for record in run.results.values():
        for each in record["exercises"].values():
            assert each["score"] == pytest.approx(sum(check["points"] for check in each["checks"]), abs=1e-3)
        total = sum(each["score"] for each in record["exercises"].values())
        assert record["score"] == pytest.approx(total, abs=1e-3)


def test_the_gradebook_and_the_pages_are_there_for_everybody(run: Any) -> None:
    with (run.out / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(run.results)
    assert float(rows["right"]["score"]) == TOTAL
    for student in run.results:
        assert (run.out / "feedback" / f"{student}.html").is_file()
        assert (run.out / "feedback" / f"{student}.txt").is_file()


def test_the_screen_shows_each_learner_and_where_the_files_are(run: Any) -> None:
    assert f"right: graded, {TOTAL} of {TOTAL}" in run.stdout
    assert "results.jsonl" in run.stdout
