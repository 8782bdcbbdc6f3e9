"""A pytest plugin that runs the hidden check files, as they are, on the submission in the folder SUBMISSION."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.inprocess import InProcess, student_for
from benchmarks.subject import functions
from grader.checks import Draw, Student, info_of
from grader.checks.draw import derive
from grader.worker.modules import LearnerModules


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark of a check known."""
    config.addinivalue_line("markers", "exercise_check(info): a check of an exercise")


@pytest.fixture(scope="session")
def modules() -> LearnerModules:
    """The learner's modules."""
    folder = Path(os.environ["SUBMISSION"])
    names = dict.fromkeys(module for module, _ in functions().values())
    return LearnerModules({name: (folder / f"{name}.py").read_text("utf-8") for name in names})


@pytest.fixture
def student(request: pytest.FixtureRequest, modules: LearnerModules) -> Student:
    """The learner's functions, in process."""
    info = info_of(request.node)
    assert info is not None
    return student_for(InProcess(modules), info.exercise)


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Inputs for one check."""
    return Draw(derive(0, request.node.name))
