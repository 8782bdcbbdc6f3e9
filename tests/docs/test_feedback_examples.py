"""`docs/feedback.md` shows what learners really read: it is written from a grading of ten mistakes.

`UPDATE_FEEDBACK=1 pytest tests/docs/test_feedback_examples.py` writes it anew.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.styles.test_styles import extend

pytestmark = pytest.mark.slow

PAGE = Path("docs/feedback.md")
SHOWN = (
    ("to_tensors", "dtype_kept"),
    ("model", "reshape_for_transpose"),
    ("mse", "divided_by_rows"),
    ("mse", "mean_before_square"),
    ("gradient_step", "without_no_grad"),
    ("gradient_step", "zero_without_parentheses"),
    ("train", "stale_predictions"),
    ("make_loader", "shuffled_apart"),
    ("fit", "resets_once_per_epoch"),
    ("predict", "batch_kept"),
)
HEAD = """\
# What learners read

Ten mistakes, and the feedback that `python -m grader grade` gives for each: what is wrong and what to do about it, then what was seen, and
where the lesson explains it. The self-check says the same, if the mistake shows on the lesson's numbers.
[Misconceptions](bank.md) explains how a mistake is recognised.

A test (`tests/docs/test_feedback_examples.py`) makes this page from a real grading, and fails when the page differs from it.
"""


def code_of(path: Path, function: str) -> str:
    text = path.read_text(encoding="utf-8")
    node = next(n for n in ast.parse(text).body if getattr(n, "name", "") == function)
    return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])


def test_the_page_shows_what_learners_read(
    root: Path, submit: Callable[..., Path], kit: Callable[..., Any], tmp_path: Path
) -> None:
    bank = root / "solutions" / "linear_regression" / "mistakes"
    for exercise, mistake in SHOWN:
        extend(submit(tmp_path / "in", f"{exercise}-{mistake}"), {exercise: bank / exercise / f"{mistake}.py"})
    run = kit("grade", tmp_path / "in", "--seed", 1, out=tmp_path / "out")
    assert run.code == 0, run.text
    parts = [HEAD]
    for exercise, mistake in SHOWN:
        found = run.results[f"{exercise}-{mistake}"]["exercises"][exercise]
        assert found["misconception"] == mistake
        parts += [
            f"## `{exercise}`: {mistake.replace('_', ' ')}\n",
            f"```python\n{code_of(bank / exercise / f'{mistake}.py', exercise)}\n```\n",
            f"```text\n{found['feedback']}\n```\n",
        ]
    text = "\n".join(parts)
    if os.environ.get("UPDATE_FEEDBACK"):
        (root / PAGE).write_text(text, encoding="utf-8")
    assert (root / PAGE).read_text(encoding="utf-8") == text
