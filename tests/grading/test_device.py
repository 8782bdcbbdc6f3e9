"""Grading on a GPU: where there is one, the same class gets the same scores; where there is none, nobody loses points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.core.assignment import find_assignment
from grader.core.errors import GradingError
from grader.course.load import load_course
from grader.grading.batch import Batch
from grader.grading.collect import find_entries
from grader.grading.process import GradingPlan
from grader.sandbox.host.machine import Isolation
from tests.lesson_points import TOTAL

WRONG = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"
MIXES = "def mse(t1, t2):\n    d = t1 - t2\n    return (d ** 2).mean() + (d * torch.zeros(d.shape)).sum()\n"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU that works")
def test_a_gpu_that_stops_working_stops_the_batch_with_a_sentence_and_costs_nobody_a_point(
    root: Path, submit: Callable[..., Path], tmp_path: Path
) -> None:
    submit(tmp_path, "ada")
    plan = GradingPlan(root, find_assignment(load_course(root), None), 1, "cuda", Isolation())
    results = Batch(plan, 1).run(find_entries(tmp_path).entries)
    with pytest.raises(GradingError, match=r"The GPU has stopped working.*--resume"):
        list(results)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU on this machine")
def test_the_same_checks_give_the_same_scores_on_the_gpu(
    submit: Callable[..., Path], kit: Callable[..., Any], tmp_path: Path
) -> None:
    submit(tmp_path / "in", "right")
    submit(tmp_path / "in", "sums", mse=WRONG)
    submit(tmp_path / "in", "mixes", mse=MIXES)
    run = kit("grade", tmp_path / "in", "--device", "cuda", "--seed", 1, out=tmp_path / "out")
    assert run.code == 0, run.text
    assert run.results["right"]["score"] == TOTAL
    assert run.results["sums"]["exercises"]["mse"]["status"] == "failed"
    assert run.results["mixes"]["exercises"]["mse"]["status"] == "failed"
