"""The audit of the lessons themselves: what is known to be right earns everything, what is known to be wrong doesn't, and
no slip of the hand in a reference goes unseen. The soak leaves out nothing, and draws as often as `make audit` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from tests.audit.conftest import Audited, audited

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Lesson:
    """A lesson that is audited, with some of its exercises `left_out`; how much of each kind there is at least, and of
    equivalents at most."""

    id: str
    seeds: int
    right: int
    mistakes: int
    mutants: int
    equivalents: int
    left_out: frozenset[str] = frozenset()

    @property
    def options(self) -> list[str]:
        """What the command is told."""
        exercises = load_course(ROOT).assignments[self.id].exercises
        only = [word for name in exercises if name not in self.left_out for word in ("--only", name)]
        return ["--assignment", self.id, "--seeds", str(self.seeds), *(only if self.left_out else ())]


# All of the second lesson takes two minutes of a processor for each seed, two thirds of them for these three.
TRAINING = frozenset({"train", "evaluate", "fit"})
LESSONS = [
    pytest.param(Lesson("linear_regression", 1, 80, 60, 500, 30), id="linear_regression", marks=pytest.mark.slow),
    pytest.param(Lesson("digits", 1, 30, 80, 900, 30, TRAINING), id="digits but for training", marks=pytest.mark.slow),
    pytest.param(Lesson("linear_regression", 20, 80, 60, 500, 30), id="linear_regression, 20", marks=pytest.mark.soak),
    pytest.param(Lesson("digits", 20, 40, 110, 1500, 60), id="digits, 20", marks=pytest.mark.soak),
]


@pytest.fixture(scope="module", params=LESSONS)
def wanted(request: pytest.FixtureRequest) -> Lesson:
    return request.param


@pytest.fixture(scope="module")
def lesson(wanted: Lesson, root: Path, kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Audited:
    return audited(root, kit, *wanted.options, into=tmp_path_factory.mktemp("audit"))


def total(lesson: Audited, what: str) -> tuple[int, int]:
    counts = [exercise[what] for exercise in lesson.data["exercises"].values()]
    return sum(count["good"] for count in counts), sum(count["all"] for count in counts)


def test_the_lesson_is_sound(lesson: Audited, wanted: Lesson) -> None:
    assert lesson.data["problems"] == []
    assert lesson.run.code == 0, lesson.run.text
    assert len(lesson.data["seeds"]) == wanted.seeds


def test_every_right_answer_earns_everything(lesson: Audited, wanted: Lesson) -> None:
    good, all = total(lesson, "right")
    assert good == all >= wanted.right


def test_every_mistake_is_rejected_and_almost_all_are_named(lesson: Audited, wanted: Lesson) -> None:
    good, all = total(lesson, "mistakes")
    assert good == all >= wanted.mistakes
    named, all = total(lesson, "named")
    assert named >= 0.95 * all


def test_every_mutant_is_rejected_or_shown_equivalent(lesson: Audited, wanted: Lesson) -> None:
    good, all = total(lesson, "mutants")
    assert good == all > wanted.mutants
    good, all = total(lesson, "equivalents")
    assert good == all < wanted.equivalents
