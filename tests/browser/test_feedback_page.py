"""The feedback page of a grading as a learner opens it: points, the named mistake, what to try next, in the dark too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import PHONE, Browser
from tests.browser.test_class_page import AXE, RULES
from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow

MARKUP = "<img src=x onerror='document.title=1'>"


@pytest.fixture(scope="module")
def pages(submit: Callable[..., Path], kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of one who has everything, of one who added up without a mean, and of one with an odd name."""
    folder = tmp_path_factory.mktemp("graded")
    submit(folder / "in", "ada")
    submit(folder / "in", "alan", mse="def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()")
    (folder / "in" / MARKUP).mkdir()
    run = kit("grade", folder / "in", out=folder / "out")
    assert run.code == 0, run.text
    return folder / "out" / "feedback"


@pytest.fixture
def alan(browser: Browser, pages: Path) -> Browser:
    browser.open((pages / "alan.html").as_uri())
    return browser


def test_a_learner_reads_points_what_is_wrong_and_what_to_try_next(alan: Browser) -> None:
    assert alan.title == "Linear regression with PyTorch: alan"
    assert alan.text("h1") == "Linear regression with PyTorch"
    assert alan.text(".learner") == "Feedback for alan"
    assert alan.text(".total") == f"21 of {TOTAL} points"
    assert alan.text(".graded").startswith("Graded on 20")
    assert [line for line in alan.text(".next").splitlines() if line] == [
        "What to try next",
        "Fix mse (The mean squared error).",
        'Then try it with pytest exercises -k mse, or with check("mse") in the notebook.',
    ]
    assert alan.text("#mse").splitlines()[:4] == [
        "mse The mean squared error",
        "✗ not right yet",
        "0 of 4 points",
        "That is the sum of the squares. The mean is the sum divided by the number of elements.",
    ]
    assert "blocked by mse" in alan.text("#train")
    assert alan.text("#mse .marked").startswith(">")
    assert "return ((t1 - t2) ** 2).sum()" in alan.text("#mse .marked")
    alan.shot("feedback")
    assert alan.complaints() == []
    assert {address.partition(":")[0] for address in alan.asked_for()} == {"file"}


def test_the_link_leads_to_what_is_to_be_fixed(alan: Browser) -> None:
    alan.size(*PHONE)
    alan.click(".next a")
    assert alan.address.endswith("alan.html#mse")
    assert 0 <= alan.top(alan.one("#mse")) < 100


def test_it_is_dark_where_the_system_is_and_readable_in_both(alan: Browser) -> None:
    light = alan.background()
    alan.ask(AXE)
    assert alan.ask(RULES) == []
    assert alan.hard_to_read() == []
    alan.dark(True)
    alan.until(lambda: alan.background() != light, "a dark background")
    assert alan.ask(RULES) == []
    assert alan.hard_to_read() == []
    alan.shot("feedback-dark", whole=True)


def test_on_a_phone_nothing_is_wider_than_the_window(alan: Browser) -> None:
    alan.size(*PHONE)
    assert alan.overflow() == 0
    alan.shot("feedback-phone", whole=True)


def test_who_has_everything_is_told_so(browser: Browser, pages: Path) -> None:
    browser.open((pages / "ada.html").as_uri())
    assert browser.text(".total") == f"{TOTAL} of {TOTAL} points"
    assert browser.text(".next").splitlines() == ["What to try next", "Nothing: every exercise is done. Well done!"]
    assert [each.text for each in browser.all(".mark")] == ["✓ done"] * 8
    browser.shot("feedback-all")


def test_a_name_that_looks_like_markup_is_a_name(browser: Browser, pages: Path) -> None:
    (page,) = [path for path in pages.glob("*.html") if path.stem not in ("ada", "alan")]
    browser.open(page.as_uri())
    assert browser.text(".learner") == f"Feedback for {MARKUP}"
    assert browser.title.endswith(MARKUP)
    assert browser.all("img") == []
