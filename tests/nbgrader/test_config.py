"""The `nbgrader_config.py` that we write: who handed in what, by the names that Moodle and Canvas give to files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from grader.course.load import load_course
from grader.results.nbgrader import course_config
from tests.nbgrader.course import ROOT

pytestmark = pytest.mark.slow

HERE = "/srv/x_1_2_y/course"  # the instructor's own folders look like a download, too


def config(**options: bool) -> Any:
    made = Config()
    text = course_config(load_course(ROOT), **options)
    exec(compile(text, "nbgrader_config.py", "exec"), {"get_config": lambda: made, "__file__": f"{HERE}/x.py"})
    return made


def handed_in(path: str) -> tuple[str, str] | None:
    """The learner and the file, for a file below the folder of what was extracted."""
    found = re.match(
        config().FileNameCollectorPlugin.named_regexp, f"{HERE}/downloaded/linear_regression/extracted/{path}"
    )
    return (found["student_id"], found["file_id"]) if found else None


@pytest.mark.parametrize(
    ("path", "learner", "file"),
    [
        ("Lab 3-99/Ada Lovelace_123_assignsubmission_file_/lesson.ipynb", "123", "lesson"),
        ("Lab 3-99/Ada Lovelace_123_assignsubmission_file_lesson.ipynb", "123", "lesson"),
        ("Ada Lovelace_123_assignsubmission_file_/mine/hw/from_scratch.py", "123", "mine/hw/from_scratch"),
        ("Lab-1_22_3/Лев_7_assignsubmission_file_/lesson (1).ipynb", "7", "lesson (1)"),
        ("submissions/lovelaceada_12_345_lesson.ipynb", "12", "lesson"),
        ("submissions/lovelaceada_LATE_12_345_lesson.ipynb", "12", "lesson"),
        ("submissions/lovelaceada_12_345_from_scratch-3.py", "12", "from_scratch"),
        ("lovelaceada_12_345_work/from_scratch.py", "12", "work/from_scratch"),
    ],
)
def test_a_download_from_an_lms_is_understood(path: str, learner: str, file: str) -> None:
    assert handed_in(path) == (learner, file)


@pytest.mark.parametrize(
    "path",
    [
        "Lab-9/Eve_5_assignsubmission_file_/bob_9_assignsubmission_file_lesson.ipynb",
        "Lab-9/Eve_5_assignsubmission_file_bob_9_assignsubmission_file_lesson.ipynb",
        "submissions/eve_5_77_bob_9_88_lesson.ipynb",
        "submissions/eve_5_77_bob_9_assignsubmission_file_/lesson.ipynb",
    ],
)
def test_a_file_name_hands_nothing_in_for_somebody_else(path: str) -> None:
    found = handed_in(path)
    assert found
    assert found[0] == "5"


@pytest.mark.parametrize(
    "path",
    [
        "Lab-9/Eve_5_assignsubmission_file_/__MACOSX/from_scratch.py",
        "Lab-9/Eve_5_assignsubmission_file_/._lesson.ipynb",
        "Lab-9/Eve_5_assignsubmission_onlinetext_/onlinetext.html",
        "submissions/lesson.ipynb",
    ],
)
def test_what_nobody_wrote_is_left_alone(path: str) -> None:
    assert handed_in(path) is None


def test_the_course_and_its_gradebook_are_named() -> None:
    made = config(stock_autograde=True)
    assert made.CourseDirectory.course_id == "pytorch-first-steps"
    assert made.CourseDirectory.root == HERE
    assert made.CourseDirectory.db_url == f"sqlite:///{Path(HERE)}/gradebook.db"


def test_autograde_refuses_unless_somebody_wants_it() -> None:
    assert "exporter_class" not in config(stock_autograde=True).Autograde
    assert config().Autograde.exporter_class.__name__ == "GradedElsewhere"


def test_a_stub_that_nbgrader_makes_is_to_do_for_us() -> None:
    assert config().ClearSolutions.code_stub["python"].splitlines()[-1].startswith("raise NotImplementedError")
