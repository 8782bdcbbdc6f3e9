"""nbgrader's course: what is in it with nbgrader, without it, and when nbgrader fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import grader.authoring.release as nbgrader_archive
from grader.authoring.release import for_learners, generated, nbgrader_release
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.results.nbgrader import course_config

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LESSON = "linear_regression"


def test_learners_get_all_of_the_source_and_the_notebook_without_solutions(dist: Any) -> None:
    files = dist.files("nbgrader")
    source = {file.partition("/")[2]: data for file, data in files.items() if file.startswith("source/")}
    release = {file.partition("/")[2]: data for file, data in files.items() if file.startswith("release/")}
    for lesson in (LESSON, "digits"):
        notebook = f"{lesson}/{lesson}.ipynb"
        assert b"BEGIN SOLUTION" in source.pop(notebook)
        assert b"SOLUTION" not in release.pop(notebook)
        assert f"{lesson}/exercises/{lesson}/.mistakes.json" in release
    assert release == source
    assert set(files) - {file for file in files if "/" in file} == {"nbgrader_config.py", "README.txt"}
    assert files["nbgrader_config.py"].decode() == course_config(load_course(ROOT))


def test_without_nbgrader_the_release_is_left_out_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nbgrader_archive, "nbgrader_is_installed", lambda: False)
    course = load_course(ROOT)
    files = nbgrader_release(ROOT, course, list(course.assignments.values()))
    assert not [file for file in files if file.startswith("release/")]
    assert b"left out, since nbgrader isn't installed where this was made" in files["README.txt"]
    searched = for_learners(files, list(course.assignments.values()))
    assert f"source/{LESSON}/course.toml" in searched
    assert f"source/{LESSON}/{LESSON}.ipynb" not in searched


@pytest.mark.soak
def test_what_nbgrader_says_when_it_fails_is_passed_on() -> None:
    course = {"nbgrader_config.py": b"", "source/one/one.ipynb": b"{}"}
    with pytest.raises(ReleaseError, match=r"(?s)^nbgrader generate_assignment one failed:\n.+"):
        generated(course, ["one"])
