"""A lesson's page shows what of it is done: pytest writes a small style sheet beside it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from grader.core.assignment import PROGRESS
from tests.selfcheck.conftest import LESSON, Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path / "course")


def progress(course: Course) -> dict[str, str]:
    """The lines of the style sheet, by exercise."""
    text = (course.folder / "exercises" / LESSON / PROGRESS).read_text(encoding="utf-8")
    return {line.split()[1]: line for line in text.splitlines()}


def done(course: Course) -> list[str]:
    return [name for name, line in progress(course).items() if f".of-{name}::after" in line]


@pytest.mark.slow
def test_what_is_done_is_marked_also_after_a_run_of_another_exercise_and_no_longer_when_it_is_wrong(
    course: Course,
) -> None:
    course.solve("from_scratch").run()
    scratch = ["to_tensors", "model", "mse", "gradient_step", "train"]
    assert done(course) == scratch
    assert list(progress(course)) == [*scratch, "make_loader", "fit", "predict"]

    picture = re.search(r'url\("data:image/svg\+xml,([^"]+)"', progress(course)["train"])
    assert picture is not None
    svg = ElementTree.fromstring(unquote(picture[1]))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert "The losses of train" in svg.attrib["aria-label"]
    assert not [name for name, line in progress(course).items() if ".curve-" in line and name != "train"]

    course.change(mse="def mse(a, b):\n    return ((a - b) ** 2).sum()").run("exercises", "-k", "mse")
    assert done(course) == [name for name in scratch if name != "mse"]


@pytest.mark.slow
def test_where_there_is_no_page_or_nothing_can_be_written_the_self_check_is_as_ever(tmp_path: Path) -> None:
    course = Course(tmp_path / "course")
    folder = course.folder / "exercises" / LESSON
    (folder / PROGRESS).mkdir()
    blocked = course.run()
    (folder / PROGRESS).rmdir()
    (folder / "lesson.html").unlink()
    without = course.run()
    assert not (folder / PROGRESS).exists()
    assert (blocked.code, blocked.out) == (without.code, without.out)
    assert "0 of 30 points" in blocked.out


def test_no_exercise_can_be_named_so_that_it_writes_a_rule_of_its_own(course: Course) -> None:
    """Names of exercises are identifiers, and losses are numbers: there is nothing else in it."""
    course.solve("from_scratch", "with_torch").run()
    for name, line in progress(course).items():
        assert re.fullmatch(rf"/\* {name} \*/ [^{{}}<>]*(?:\{{[^{{}}<>]*\}}[^{{}}<>]*)*", line), line
