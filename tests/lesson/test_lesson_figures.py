"""The lesson's figures: drawn by their script, told in words, and readable on both papers and in grey."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from solutions.linear_regression.figures import DRAWINGS, draw_all
from solutions.linear_regression.figures.paper import DARK, LIGHT, Paper
from tests.lesson.lesson_text import FOLDER, read_lesson


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    return draw_all()


def test_the_figures_are_what_the_script_draws(drawn: dict[str, bytes]) -> None:
    there = {path.name: path.read_bytes() for path in (FOLDER / "figures").iterdir()}
    advice = "Run: python -m solutions.linear_regression.figures"
    assert set(there) == set(drawn), advice
    stale = [name for name, content in drawn.items() if there[name] != content]
    assert not stale, f"{stale} are not what matplotlib {mpl.__version__} draws. {advice}"


def test_every_figure_is_in_the_lesson_once_and_told_in_words() -> None:
    figures = read_lesson().figures
    assert sorted(target for _, target in figures) == sorted(f"figures/{name}.svg" for name in DRAWINGS)
    for words, target in figures:
        assert len(words.split()) >= 25, f"{target}: say what is to be seen"
        assert words.endswith(".")


@pytest.mark.parametrize(("paper", "ending"), [(LIGHT, ""), (DARK, "-dark")], ids=["light", "dark"])
def test_a_figure_has_a_solid_ground_no_date_and_no_text_that_needs_a_font(
    drawn: dict[str, bytes], paper: Paper, ending: str
) -> None:
    for name in DRAWINGS:
        text = drawn[f"{name}{ending}.svg"].decode()
        ElementTree.fromstring(text)
        ground = re.search(r'<g id="patch_1">\s*<path d="[^"]*" style="fill: (#\w+)"', text)
        assert ground, name
        assert ground[1] == paper.paper
        assert not re.search(
            r"<(?:text|image|script)\b|dc:date|https?://(?!www\.w3\.org|creativecommons|purl)", text
        ), name
        assert len(text) < 100_000, f"{name} is too heavy a file"


@pytest.mark.parametrize("paper", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_and_what_differs_in_colour_differs_in_grey(paper: Paper) -> None:
    assert contrast(paper.ink, paper.paper) > 7
    assert contrast(paper.soft, paper.paper) > 4.5
    for mark in (paper.apples, paper.line):
        assert contrast(mark, paper.paper) > 3
    assert contrast(paper.apples, paper.oranges) > 1.8
    assert contrast(paper.line, paper.oranges) > 1.4
    assert contrast(paper.oranges, paper.wash) > 1.8


def contrast(one: str, other: str) -> float:
    """The contrast ratio of the Web Content Accessibility Guidelines, 1 to 21."""
    light = []
    for colour in (one, other):
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(light) / min(light)
