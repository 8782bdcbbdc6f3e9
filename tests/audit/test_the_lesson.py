"""The audit of the lesson itself: what is known to be right earns everything, what is known to be wrong doesn't, and
no slip of the hand in a reference goes unseen. `AUDIT_SEEDS=20` draws as often as `make audit` does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit.conftest import Audited, audited

pytestmark = pytest.mark.slow

SEEDS = int(os.environ.get("AUDIT_SEEDS", "3"))


@pytest.fixture(scope="module")
def lesson(root: Path, kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Audited:
    return audited(root, kit, "--seeds", str(SEEDS), into=tmp_path_factory.mktemp("audit"))


def total(lesson: Audited, what: str) -> tuple[int, int]:
    counts = [exercise[what] for exercise in lesson.data["exercises"].values()]
    return sum(count["good"] for count in counts), sum(count["all"] for count in counts)


def test_the_lesson_is_sound(lesson: Audited) -> None:
    assert lesson.data["problems"] == []
    assert lesson.run.code == 0, lesson.run.text
    assert len(lesson.data["seeds"]) == SEEDS


def test_every_right_answer_earns_everything(lesson: Audited) -> None:
    good, all = total(lesson, "right")
    assert good == all >= 80


def test_every_mistake_is_rejected_and_almost_all_are_named(lesson: Audited) -> None:
    good, all = total(lesson, "mistakes")
    assert good == all >= 60
    named, all = total(lesson, "named")
    assert named >= 0.95 * all


def test_every_mutant_is_rejected_or_shown_equivalent(lesson: Audited) -> None:
    good, all = total(lesson, "mutants")
    assert good == all > 500
    good, all = total(lesson, "equivalents")
    assert good == all < 30
