"""A browser for the tests of this folder, and where its pictures go; `BROWSER_SCREENSHOTS=DIR` keeps them there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Browser, chromium, missing
from tests.lesson_text.conftest import learners_course  # noqa: F401  a fixture


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
