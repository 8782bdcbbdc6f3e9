"""What the tests of the store share: a key, small results, and a second process."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader.core.records import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results.record_rows import BatchKey

ROOT = Path(__file__).parents[2]

PRELUDE = """
import os, signal, sqlite3, sys, time
from pathlib import Path
from grader.core.errors import ResultsError
from grader.core.records import *
from grader.results.decisions import Decision, Remark
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

folder = Path(sys.argv[1])
key = BatchKey("lesson", 7, "cpu", "digest", "0.1.0")

def result(student, status=ExerciseStatus.PASSED, size=0):
    check = CheckResult("one", CheckStatus.PASSED, 1.0, 1.0)
    finding = Finding("x" * size) if size else None
    exercise = ExerciseResult("mse", status, 1.0, 1.0, (check,), finding)
    return SubmissionResult(student, SubmissionStatus.GRADED, (exercise,))

def say(text):
    print(text, flush=True)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def on_each_statement(do):
    # From now on `do` is called with each statement of a connection that is made, before it is carried out.
    connect = sqlite3.connect

    def watched(*arguments, **options):
        connection = connect(*arguments, **options)
        connection.set_trace_callback(do)
        return connection

    sqlite3.connect = watched
"""


@pytest.fixture
def key() -> BatchKey:
    return BatchKey("lesson", 7, "cpu", "digest", "0.1.0")


@pytest.fixture
def written_by() -> Callable[[int, Path], Path]:
    """Puts into a folder the database that the kit of an earlier schema wrote, as it was dumped then."""

    def write(schema: int, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        with closing(sqlite3.connect(folder / "results.db")) as database:
            database.executescript((Path(__file__).parent / f"schema_{schema}.sql").read_text(encoding="utf-8"))
        return folder

    return write


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
