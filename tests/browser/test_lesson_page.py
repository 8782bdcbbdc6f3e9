"""The pages that a learner opens from the unpacked folder: how to begin, and the lesson, read, unfolded, in the dark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from grader.core.assignment import PROGRESS, Assignment
from grader.core.records import ExerciseResult, ExerciseStatus
from grader.course.load import load_course
from grader.selfcheck.curves import Curve, mark_page
from grader.selfcheck.state import ExerciseState
from tests.browser.chromium import PHONE, Browser
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

LESSONS = load_course(ROOT).assignments
PICTURES = "return [...document.images].map(i => [i.currentSrc, i.complete && i.naturalWidth, i.alt])"


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request: pytest.FixtureRequest) -> Assignment:
    return LESSONS[request.param]


@pytest.fixture(scope="module")
def file(unpacked: Path, lesson: Assignment) -> Path:
    return unpacked / "exercises" / lesson.id / "lesson.html"


@pytest.fixture
def page(browser: Browser, file: Path) -> Browser:
    browser.open(file.as_uri())
    return browser


def complaints(page: Browser) -> list[str]:
    """But for the one about progress: nobody has run pytest in this folder."""
    return [each for each in page.complaints() if PROGRESS not in each]


def mark(page: Browser, css: str) -> Any:
    """What stands behind the first of these."""
    return page.ask("return getComputedStyle(document.querySelector(arguments[0]), '::after').content", css)


def is_shown(page: Browser, css: str) -> Any:
    return page.ask("return document.querySelector(arguments[0]).checkVisibility()", css)


def unfold(page: Browser) -> None:
    """All questions at once."""
    page.ask("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_pictures_of_the_page_for_the_docs(page: Browser, lesson: Assignment) -> None:
    wide = page.picture(f"{lesson.id}-page", page.all(".exercise")[0], (1200, 600))
    narrow = page.picture(f"{lesson.id}-page-phone", page.all("figure")[0], PHONE)
    assert all(each.read_bytes().startswith(b"\x89PNG") for each in (wide, narrow))


# Words of tables that are broken over two lines.
BROKEN = r"""
const broken = [], range = document.createRange();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.parentElement.closest("td, th")) continue;
  for (const word of node.data.matchAll(/\w+/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    if (range.getClientRects().length > 1) broken.push(word[0]);
  }
}
return broken;
"""


def test_on_a_phone_no_word_in_a_table_of_the_docs_is_broken(browser: Browser, unpacked: Path) -> None:
    for file in ["START.html", "docs/self-check.html", "docs/notebook.html"]:
        browser.open((unpacked / file).as_uri())
        browser.size(390, 740)
        assert browser.ask(BROKEN) == [], file
        assert browser.overflow() == 0, file


def test_the_first_page_leads_to_the_lesson(browser: Browser, unpacked: Path, file: Path, lesson: Assignment) -> None:
    browser.open((unpacked / "START.html").as_uri())
    assert "how to begin" in browser.title
    browser.shot("start", whole=True)
    for dark in (False, True):
        browser.dark(dark)
        assert browser.hard_to_read() == []
    browser.size(*PHONE)
    assert browser.overflow() == 0
    browser.shot("start-phone")
    link = next(each for each in browser.all("a") if each.get_attribute("href") == file.as_uri())
    browser.click(link)
    browser.until(lambda: browser.title == lesson.title, "the lesson")
    assert complaints(browser) == []


def test_it_opens_without_a_complaint_and_asks_for_nothing_elsewhere(
    page: Browser, file: Path, lesson: Assignment
) -> None:
    assert page.title == page.text("h1") == lesson.title
    assert page.text("header .quiet").startswith(
        f"{len(lesson.exercises)} exercises, {lesson.points:g} points. Reading"
    )
    page.shot(f"{lesson.id}-lesson")
    assert complaints(page) == []
    asked = page.asked_for()
    assert file.as_uri() in asked
    assert {address.partition(":")[0] for address in asked} == {"file"}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_figure_is_there_with_its_words(page: Browser, file: Path, dark: bool) -> None:
    page.dark(dark)

    def loaded() -> Any:
        found = page.ask(PICTURES)
        return (
            found if all(width > 100 and source.endswith("-dark.svg") == dark for source, width, _ in found) else None
        )

    pictures = page.until(loaded, "figures")
    assert len(pictures) == file.read_text(encoding="utf-8").count("<figure ")
    for source, width, words in pictures:
        assert source.endswith("-dark.svg") == dark
        assert width > 100
        assert len(words) > 40


def test_each_link_of_the_contents_leads_to_its_heading(page: Browser) -> None:
    links = page.all("nav a")
    assert len(links) > 20
    for link in links:
        page.click(link)
        anchor = page.address.partition("#")[2]
        heading = page.one(f"[id='{anchor}']")
        assert heading.tag_name in ("h2", "h3")
        assert heading.text == link.text
        assert 0 <= page.top(heading) < 800


@pytest.mark.parametrize("size", [(1280, 800), PHONE], ids=["wide", "phone"])
def test_the_contents_stay_in_sight(page: Browser, size: tuple[int, int]) -> None:
    """The list itself beside the text, or what leads back to it."""
    page.size(*size)
    page.ask("arguments[0].scrollIntoView()", page.all("main h2")[-1])
    shown = page.one("nav" if size[0] > 1000 else "a.back")
    assert page.ask("return arguments[0].checkVisibility()", shown)
    assert -1 < page.top(shown) < size[1]  # a part of a pixel is none
    if size[0] < 1000:
        page.click(shown)
        assert -1 < page.top(page.one("nav")) < 50


def test_it_shows_what_is_done_and_the_learners_own_losses(page: Browser, file: Path, lesson: Assignment) -> None:
    done, other = list(lesson.exercises)[:2]
    assert mark(page, f"nav .of-{done}") == "none"
    assert not is_shown(page, f".curve-{done}")
    result = ExerciseResult(done, ExerciseStatus.PASSED, 1.0, 1.0)
    try:
        state = ExerciseState(lesson.exercises[done], result, whole=True, passed=1, tried=1)
        mark_page(file.parent, [state], {done: Curve((7601.5, 500.0, 83.25))})
        page.open(file.as_uri())
        for place in ("nav", ".exercise"):
            assert "\u2713" in mark(page, f"{place} .of-{done}")
            assert mark(page, f"{place} .of-{other}") == "none"
        assert is_shown(page, f".curve-{done}")
        assert not is_shown(page, f".curve-{other}")
        assert complaints(page) == []
        page.ask("arguments[0].scrollIntoView()", page.one(f"#exercise-{done}"))
        page.shot(f"{lesson.id}-lesson-progress")
    finally:
        (file.parent / PROGRESS).unlink(missing_ok=True)


def test_an_answer_is_folded_away_until_somebody_clicks(page: Browser, lesson: Assignment) -> None:
    questions = page.all("details.question")
    assert len(questions) >= 5
    for question in questions:
        asked = question.find_element("tag name", "summary")
        answer = question.find_elements("css selector", "summary ~ *")[0]
        assert asked.text.endswith(("?", "."))
        assert not page.ask("return arguments[0].checkVisibility({contentVisibilityAuto: true})", answer)
        page.click(asked)
        assert answer.is_displayed()
        assert len(answer.text) > 20
    page.shot(f"{lesson.id}-lesson-whole", whole=True)


def test_an_exercise_is_a_box_with_points_signature_and_how_to_check(page: Browser, lesson: Assignment) -> None:
    assert len(page.all(".exercise")) == len(lesson.exercises)
    for name, exercise in lesson.exercises.items():
        box = page.text(f"#exercise-{name}")
        head, points, title, signature, *_ = box.splitlines()
        assert (head, points, title) == ("Exercise", f"{exercise.points:g} points", exercise.title)
        assert re.match(rf"(?:def|class) {exercise.function}\(.*\):$", signature)
        command = f"pytest exercises/{lesson.id} -k {name}"
        assert f'{command}; or in the notebook, with check("{name}").' in " ".join(box.split())
    page.ask("arguments[0].scrollIntoView()", page.one(f"#exercise-{list(lesson.exercises)[2]}"))
    page.shot(f"{lesson.id}-lesson-exercise")


def test_it_is_dark_where_the_system_is_and_readable_in_both(page: Browser, lesson: Assignment) -> None:
    unfold(page)
    light = page.background()
    assert page.hard_to_read() == []
    page.dark(True)
    page.until(lambda: page.background() != light, "a dark background")
    assert page.hard_to_read() == []
    page.ask("arguments[0].scrollIntoView()", page.all("main h2")[1])
    page.shot(f"{lesson.id}-lesson-dark")


def test_on_a_phone_nothing_is_wider_than_the_window(page: Browser, lesson: Assignment) -> None:
    page.size(*PHONE)
    unfold(page)
    assert page.overflow() == 0
    page.shot(f"{lesson.id}-lesson-phone")
    page.ask("arguments[0].scrollIntoView()", page.all(".exercise")[1])
    page.shot(f"{lesson.id}-lesson-phone-exercise")
