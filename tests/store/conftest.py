"""What the tests of the store share: a key, small results, and a second process."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.records import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    SubmissionResult,
    SubmissionStatus,
)
from grader.store import BatchKey

ROOT = Path(__file__).parents[2]

PRELUDE = """
import os, signal, sys, time
from pathlib import Path
from grader.errors import ResultsError
from grader.records import *
from grader.store import BatchKey, ResultStore

folder = Path(sys.argv[1])
key = BatchKey("lesson", 7, "cpu", "digest", "0.1.0")

def result(student, status=ExerciseStatus.PASSED, size=0):
    check = CheckResult("one", CheckStatus.PASSED, 1.0, 1.0)
    finding = Finding("x" * size) if size else None
    exercise = ExerciseResult("mse", status, 1.0, 1.0, (check,), finding)
    return SubmissionResult(student, SubmissionStatus.GRADED, (exercise,))

def say(text):
    print(text, flush=True)
"""


@pytest.fixture
def key() -> BatchKey:
    return BatchKey("lesson", 7, "cpu", "digest", "0.1.0")


@pytest.fixture
def result_of() -> Callable[..., SubmissionResult]:
    """A small result for a student."""

    def make(
        student: str,
        exercise: ExerciseStatus = ExerciseStatus.PASSED,
        status: SubmissionStatus = SubmissionStatus.GRADED,
        score: float = 1.0,
    ) -> SubmissionResult:
        check = CheckResult("one", CheckStatus.PASSED, score, 1.0)
        return SubmissionResult(student, status, (ExerciseResult("mse", exercise, score, 1.0, (check,)),))

    return make


@pytest.fixture
def process() -> Iterator[Callable[[str, Path], subprocess.Popen[str]]]:
    """Runs Python source in a process of its own, which has `folder`, `key`, `result(student)` and `say(text)`."""
    started: list[subprocess.Popen[str]] = []

    def start(source: str, folder: Path) -> subprocess.Popen[str]:
        one = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(source), str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()
