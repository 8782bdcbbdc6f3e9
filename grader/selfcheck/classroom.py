"""A pytest plugin for GitHub Classroom: what the self-check found becomes the output `result` of a step.

`python -m pytest exercises/LESSON -p grader.selfcheck.classroom`, with GITHUB_OUTPUT in the environment as GitHub's
runners set it ("Setting an output parameter" in the documentation of GitHub Actions). Elsewhere it does nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, Exercise
from grader.core.records import ExerciseStatus
from grader.selfcheck.classroom_result import Status, Test, classroom_result, encoded
from grader.selfcheck.plugin import run_of
from grader.selfcheck.run import Run
from grader.selfcheck.state import ExerciseState

_FILE = "GITHUB_OUTPUT"
_NO_END = "The self-check did not get to its end: see the log of the step above."


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Until there is a result, the result is that there is none: an endless loop may end everything."""
    run = run_of(session.config)
    if run is not None:
        tests = [_test(each, None, _NO_END) for _, each in _exercises(run, session.config)]
        _write(tests, run, session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was found."""
    run = run_of(session.config)
    if run is None:
        return
    found = {(lesson.id, each.exercise.id): each for lesson, standing in run.pages() for each in standing}
    tests = [_test(each, found.get((lesson.id, each.id)), _NO_END) for lesson, each in _exercises(run, session.config)]
    _write(tests, run, session.config)


def _exercises(run: Run, config: pytest.Config) -> Iterator[tuple[Assignment, Exercise]]:
    """Those of the lessons that pytest was pointed at."""
    for lesson in _lessons(run, config):
        for exercise in lesson.exercises.values():
            yield lesson, exercise


def _lessons(run: Run, config: pytest.Config) -> Sequence[Assignment]:
    asked = [(config.invocation_params.dir / argument).resolve() for argument in config.args]
    chosen = [lesson for name, lesson in run.lessons.items() if any((run.folder / name) == path for path in asked)]
    return chosen or list(run.lessons.values())


def _test(exercise: Exercise, standing: ExerciseState | None, otherwise: str) -> Test:
    name = f"{exercise.id}: {exercise.title}"
    if standing is None:
        return Test(name, "error", 0, otherwise)
    result = standing.result
    statuses: dict[ExerciseStatus, Status] = {ExerciseStatus.PASSED: "pass", ExerciseStatus.GRADER_ERROR: "error"}
    message = result.finding.summary if result.finding else ""
    return Test(name, statuses.get(result.status, "fail"), result.score, message)


def _write(tests: list[Test], run: Run, config: pytest.Config) -> None:
    file = os.environ.get(_FILE)
    if file and tests:
        points = sum(exercise.points for _, exercise in _exercises(run, config))
        with Path(file).open("a", encoding="utf-8") as output:
            output.write(f"result={encoded(classroom_result(tests, points))}\n")
