"""The class at a glance as an instructor opens it: light, dark, on paper and on a phone, by keyboard, without scripts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from grader.core.assignment import Assignment
from grader.course.load import load_course
from grader.reading.forms import parts_of
from grader.reading.module_text import ModuleSource
from grader.results.class_page import Links, write_class_page
from grader.results.reports import write_reports
from grader.results.similar_page import write_similar_page
from grader.results.similarity import Comparison, Work
from grader.results.store import ResultStore
from tests.browser.chromium import PHONE, Browser
from tests.report.conftest import COURSE
from tests.report.varied_class import stored_class

pytestmark = pytest.mark.slow

AXE = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
# Every rule of WCAG 2 that axe-core can decide, and its own best practices.
RULES = "return axe.run(document, {resultTypes: ['violations']}).then(done => done.violations.map(v => `${v.id}: ${v.nodes[0].html}`))"

SOURCE = "source/learner-0007.html"
PAGES = ["class.html", "for-all.html", SOURCE, "similar.html"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of 120 in which everything has happened, with its reports, and the page to show in class."""
    root = tmp_path_factory.mktemp("class")
    (root / "course.toml").write_text(COURSE)
    course = load_course(root)
    lesson, out = course.assignments["lesson"], root / "results"
    stored_class(out, lesson, 120)
    with ResultStore.reopen(out) as store:
        write_reports(out, store.results, course, lesson, store.decisions(), sources=store.sources)
        write_class_page(out / "for-all.html", store.results, course, lesson, Links(), anonymous=True)
    works = [_work(name, text, lesson) for name, text in {"ada": ODD, "bob": ODD, "cyd": USUAL, "dan": USUAL}.items()]
    write_similar_page(out / "similar.html", Comparison(works).similar(3), course, lesson)
    return out


@pytest.fixture
def page(browser: Browser, folder: Path) -> Browser:
    browser.open((folder / "class.html").as_uri())
    return browser


USUAL = "def add(a, b):\n    return a + b\n\n\ndef mean(xs):\n    return sum(xs) / len(xs)\n"
ODD = f"def add(a, b):\n    return sum([a, b, 0.5, -0.5])  # {'a long line ' * 20}\n\n\n{USUAL[USUAL.index('def mean') :]}"


def _work(name: str, text: str, lesson: Assignment) -> Work:
    sources = {"first": ModuleSource("first", text)}
    return Work(name, "", sources, parts_of(sources, {}, lesson.exercises))


def names(page: Browser) -> list[str]:
    return [each.text for each in page.all(".grid tbody tr:not([hidden]) th")]


def test_nothing_is_asked_for_and_nothing_is_complained_of(page: Browser) -> None:
    assert page.title == "The lesson: the class at a glance"
    assert page.text(".private") == "For instructors only: this page names learners and quotes their code."
    page.shot("class", whole=True)
    assert page.complaints() == []
    assert {address.partition(":")[0] for address in page.asked_for()} == {"file"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_and_no_text_is_hard_to_read(browser: Browser, folder: Path, name: str, dark: bool) -> None:
    browser.open((folder / name).as_uri())
    light = browser.background()
    browser.dark(dark)
    browser.until(lambda: (browser.background() != light) == dark, "the background")
    browser.ask("for (const each of document.querySelectorAll('details')) each.open = true")
    browser.ask(AXE)
    assert browser.ask(RULES) == []
    assert browser.hard_to_read() == []
    browser.shot(f"{Path(name).stem}-{'dark' if dark else 'light'}", whole=True)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_nothing_is_wider_than_the_window(browser: Browser, folder: Path, name: str) -> None:
    browser.open((folder / name).as_uri())
    browser.size(*PHONE)
    assert browser.overflow() == 0
    browser.ask("for (const each of document.querySelectorAll('details')) each.open = true")
    assert browser.overflow() == 0
    browser.shot(f"{Path(name).stem}-phone", whole=True)


@pytest.mark.parametrize("name", [*PAGES, "feedback/learner-0007.html"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_text_lies_over_another(browser: Browser, folder: Path, name: str, width: int) -> None:
    browser.open((folder / name).as_uri())
    browser.size(width, 900)
    browser.ask("for (const each of document.querySelectorAll('details')) each.open = true")
    assert len(browser.text()) > 100
    browser.shot(f"{Path(name).parent.name}-{Path(name).stem}-{width}", whole=True)
    assert browser.over_each_other() == []


def test_where_a_line_of_code_goes_on_is_further_in_than_where_it_begins(browser: Browser, folder: Path) -> None:
    browser.open((folder / SOURCE).as_uri())
    browser.size(390, 740)
    begins, *goes_on = browser.ask(
        "const line = document.querySelector('.code li:not(.marked)'), range = document.createRange();"
        "line.textContent = 'word '.repeat(60);"
        "range.selectNodeContents(line);"
        "return [...range.getClientRects()].map(each => each.left)"
    )
    assert goes_on
    assert all(left > begins + 20 for left in goes_on)


def test_the_grid_is_sorted_by_keyboard(page: Browser) -> None:
    before = names(page)
    score = page.all(".grid thead button")[1]
    page.ask("arguments[0].focus()", score)
    page.press(Keys.ENTER)
    assert page.all("[aria-sort='ascending']")[0].text.startswith("score")
    found = [each.text.partition(" ")[0] for each in page.all(".grid tbody td:nth-child(2)")]
    points = [-1.0 if each == "–" else float(each) for each in found]
    assert points == sorted(points)
    page.press(Keys.SPACE)
    assert page.all("[aria-sort='descending']")
    found = [each.text.partition(" ")[0] for each in page.all(".grid tbody td:nth-child(2)")]
    assert points[::-1] == [-1.0 if each == "–" else float(each) for each in found]
    page.click(page.all(".grid thead button")[0])
    assert names(page) == before


def test_the_grid_is_filtered_by_name_and_by_state(page: Browser) -> None:
    assert page.text(".filter output") == "120 of 120 learners"
    page.click(".filter input")
    page.type("ER-001")
    assert names(page) == [f"learner-{number:04}" for number in range(10, 20)]
    assert page.text(".filter output") == "10 of 120 learners"
    for _ in "ER-001":
        page.press(Keys.BACKSPACE)
    page.ask("const s = document.querySelector('.filter select'); s.value = '⊘'; s.dispatchEvent(new Event('change'))")
    rows = [each.text for each in page.all(".grid tbody tr:not([hidden])")]
    assert 0 < len(rows) < 120
    assert all("⊘" in row for row in rows)


def test_a_learners_page_is_one_step_away(page: Browser) -> None:
    page.click(page.all(".grid tbody th a")[10])
    assert page.text(".learner") == "Feedback for learner-0010"


def test_a_state_leads_to_the_line_in_the_source(page: Browser) -> None:
    cell = page.all(".grid tbody td[class] a")[0]
    exercise = str(cell.get_attribute("href")).partition("#")[2]
    page.click(cell)
    assert page.text(".private").startswith("For instructors only")
    assert page.text(f"#{exercise}").split()[1] == exercise
    assert page.ask("return document.querySelector(':target').id") == exercise
    assert page.all("li.marked")
    assert page.complaints() == []


def test_without_scripts_the_page_is_complete(page: Browser) -> None:
    page.without_scripts(True)
    try:
        page.ask("location.reload()")
        page.until(lambda: not page.all(".grid thead button"), "the page without its script")
        assert len(page.all(".grid tbody tr")) == 120
        assert not page.all("form.filter")[0].is_displayed()
        assert len(page.all(".histogram rect")) > 5
    finally:
        page.without_scripts(False)


def test_on_paper_everything_is_there(page: Browser) -> None:
    page.paper(True)
    try:
        assert not page.all("nav")[0].is_displayed()
        assert not page.all(".filter")[0].is_displayed()
        grid = page.one(".grid")
        assert page.ask("return arguments[0].scrollHeight <= arguments[0].clientHeight + 1", grid)
        page.size(760, 900)
        page.shot("class-paper", whole=True)
    finally:
        page.paper(False)
