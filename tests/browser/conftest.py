"""A browser, and the folder that learners unpack. `BROWSER_SCREENSHOTS=DIR` keeps the pictures that tests take."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.authoring.learner_archive import learner_files
from grader.course.load import load_course
from tests.browser.chromium import Browser, chromium, missing
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a learner has: the files of the released archive, and nothing else of ours."""
    course = load_course(ROOT)
    folder = tmp_path_factory.mktemp("learner") / course.id
    for file, data in learner_files(ROOT, course, list(course.assignments.values())).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    folder = os.environ.get("BROWSER_SCREENSHOTS")
    shots = Path(folder) if folder else tmp_path_factory.mktemp("screenshots")
    shots.mkdir(parents=True, exist_ok=True)
    with chromium(shots, tmp_path_factory.mktemp("profile")) as one:
        yield one
