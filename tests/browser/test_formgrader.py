"""nbgrader's own pages in a browser: the formgrader shows our scores and takes a person's, learners get their feedback."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.chromium import Browser
from tests.nbgrader.course import LESSON, NbCourse, make_course
from tests.nbgrader.formgrader import Formgrader, formgrader
from tests.nbgrader.learners import BY_ROWS, IN_TIME

pytestmark = pytest.mark.slow

# nbgrader's pages take it from there. Nothing of ours is set in it.
MATHJAX = "cdnjs.cloudflare.com"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> NbCourse:
    """Two learners, graded by us; nbgrader has made their feedback."""
    folder = tmp_path_factory.mktemp("nbgrader")
    course = make_course(folder / "course", real=True)
    course.hand_in("ada", course.solved(), time=IN_TIME)
    course.hand_in("bob", course.solved(mse=BY_ROWS), time=IN_TIME)
    course.grade(folder / "out", "--seed", "7", "--jobs", "1")
    course.nbgrader("generate_feedback", LESSON)
    return course


@pytest.fixture(scope="module")
def person(course: NbCourse) -> Iterator[Formgrader]:
    with formgrader(course) as person:
        yield person


def row(browser: Browser, address: str, student: str) -> str:
    """A learner's row of the table of submissions."""
    browser.open(address)
    rows = browser.until(lambda: [row.text for row in browser.all("tr") if f" {student} " in row.text], "submissions")
    return rows[0]


@pytest.mark.soak
def test_the_formgrader_shows_our_scores_and_keeps_what_a_person_gives_on_top(
    browser: Browser, person: Formgrader
) -> None:
    submissions = f"{person.address}/formgrader/manage_submissions/{LESSON}"
    assert row(browser, submissions, "ada").endswith("graded 30 / 32")
    assert row(browser, submissions, "bob").endswith("graded 21 / 32")
    browser.shot("formgrader-submissions")
    assert browser.complaints() == []

    browser.open(f"{person.address}/formgrader/submissions/{person.notebook('bob')}/")
    score = browser.until(lambda: browser.all("#check-mse"), "a field for the score")[0]
    browser.until(lambda: score.get_attribute("placeholder"), "our score")
    assert score.get_attribute("placeholder") == "0"
    comment = browser.until(lambda: browser.one("#mse-comment").get_attribute("placeholder"), "our comment")
    assert "not right yet, 0 of 4 points" in comment
    assert "The sum is divided by the number of rows" in comment
    browser.click(score)
    browser.shot("formgrader-mse")
    browser.type("1.5" + Keys.TAB)
    browser.until(lambda: browser.all(".score-saved.glyphicon-ok[style]"), "the tick that it is saved")

    assert all("MathJax" in complaint or MATHJAX in complaint for complaint in browser.complaints())
    assert {urlsplit(address).hostname for address in browser.asked_for()} <= {"127.0.0.1", MATHJAX, None}

    assert row(browser, submissions, "bob").endswith("graded 22.5 / 32")


def test_the_feedback_of_nbgrader_shows_points_and_the_named_mistake(browser: Browser, course: NbCourse) -> None:
    browser.open((course.folder / "feedback" / "bob" / LESSON / f"{LESSON}.html").as_uri())
    assert "linear_regression (Score: 21.0 / 32.0)" in browser.text()
    browser.shot("nbgrader-feedback")
    browser.click("a[href='#check-mse']")
    browser.shot("nbgrader-feedback-mse")
    cell = next(each.text for each in browser.all(".nbgrader_cell") if "def mse(" in each.text)
    assert "not right yet, 0 of 4 points" in cell
    assert "The sum is divided by the number of rows" in cell
    assert "check-mse\nScore: 0.0 / 4.0" in browser.text()
    assert all(browser.ask("return [...document.images].map(i => i.complete && i.naturalWidth)"))
    assert all(MATHJAX in complaint for complaint in browser.complaints())
    assert {urlsplit(address).hostname for address in browser.asked_for()} <= {"", None, MATHJAX}
