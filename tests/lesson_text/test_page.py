"""A lesson's page: everything that the text says, safe, without a script and without a network."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from grader.core.assignment import PROGRESS, Assignment
from grader.course.lesson_text import read_lesson
from grader.derived.lesson_page import described, page
from grader.derived.stubs import make_stub, read_solution
from tests.conftest import ROOT

_VOID = {"meta", "br", "img", "source", "hr", "link", "input"}


class Tree(HTMLParser):
    """Sees that every tag is closed, and keeps ids, links, headings and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]


@pytest.fixture
def made(small: Path, one: Assignment) -> str:
    text = (small / "exercises/one/lesson.md").read_text(encoding="utf-8")
    stub = make_stub(read_solution(small, one, one.modules["basics"]), one, one.modules["basics"])
    return page(read_lesson(text, "lesson.md", list(one.exercises)), one, {"basics": stub})


def test_it_says_what_the_text_says(made: str) -> None:
    tree = Tree(made)
    for words in ("Sums & more", "Put two numbers together", "print(add(1, 2))  # <three>", "3...", "python -m this"):
        assert words in tree.text
    assert '<pre class="output" tabindex="0" aria-label="What it prints"><samp>3...</samp></pre>' in made
    assert re.search(
        r"<details class=\"question\">\n<summary>What is <code>1 \+ 1</code>\?</summary>\n<p>It is <strong>2", made
    )
    assert "<td>1</td>" in made


def test_an_exercise_is_a_box_with_title_points_signature_docstring_and_how_to_check(made: str) -> None:
    (box,) = re.findall(r'<section class="exercise" id="exercise-add".*?</section>', made, re.S)
    text = Tree(box).text
    for words in (
        "1.5 points",
        "Adding",
        "def add(a, b):",
        ">>> add(1, 2)\n3",
        "basics.py",
        "pytest exercises/one -k add",
        'check("add")',
    ):
        assert words in text
    assert "NotImplementedError" not in made


def test_a_class_is_a_box_with_its_methods_and_what_each_is_to_do() -> None:
    page = (ROOT / "exercises" / "digits" / "lesson.html").read_text(encoding="utf-8")
    (box,) = re.findall(r'<section class="exercise" id="exercise-dataset".*?</section>', page, re.S)
    text = Tree(box).text
    told = [
        "class Digits(Dataset):",
        "Images with their labels, one by one",
        "def __init__(self, images, labels):",
        "Keep the images and the labels.",
        "def __len__(self):",
        "How many images there are: an int.",
        "def __getitem__(self, index):",
        ">>> Digits(numpy.array([[[0, 4], [8, 16]]]), numpy.array([7]))[0]",
    ]
    assert all(words in text for words in told)
    assert sorted(told, key=text.index) == told


LINES = st.lists(st.text("abc ,<&.;:", min_size=1, max_size=40).map(str.strip).filter(bool), min_size=1, max_size=4)
EXAMPLE = LINES.map(lambda lines: [f">>> {lines[0]}", *lines[1:]])


@given(st.lists(st.one_of(LINES, EXAMPLE), min_size=1, max_size=4))
def test_of_what_an_exercise_says_no_word_is_lost_sentences_flow_and_examples_keep_their_lines(
    paragraphs: list[list[str]],
) -> None:
    made = str(described("\n\n".join("\n".join(lines) for lines in paragraphs)))
    assert Tree(made).text.split() == [word for lines in paragraphs for line in lines for word in line.split()]
    for lines in paragraphs:
        if lines[0].startswith(">>>"):
            assert f'<pre tabindex="0">{escape(chr(10).join(lines))}</pre>' in made
    flowing = re.sub(r"<pre.*?</pre>", "", made, flags=re.DOTALL)
    assert "pre" not in flowing
    assert not re.search(r"[^.;:]<br>", flowing)


def test_every_link_leads_somewhere_and_every_id_is_there_once(made: str) -> None:
    tree = Tree(made)
    ids = tree.all("id")
    assert len(ids) == len(set(ids))
    assert {"adding", "doubling"} <= set(ids)
    assert {link.removeprefix("#") for link in tree.all("href")} - {PROGRESS} <= set(ids)


def test_the_contents_tell_how_long_each_part_takes_and_which_exercises_it_has(made: str) -> None:
    (contents,) = re.findall(r"<nav.*?</nav>", made, re.S)
    text = " ".join(Tree(contents).text.split())
    assert re.search(r"Adding 1 min add\b", text), text
    assert '<code class="of-add">add</code>' in contents
    assert re.search(r"Reading it takes about 1 minute;", made)
    assert "optional" not in contents


def test_a_part_that_says_that_it_is_optional_is_marked_in_the_contents(small: Path, one: Assignment) -> None:
    text = (small / "exercises/one/lesson.md").read_text(encoding="utf-8")
    with_note = re.sub(r"(^## .*\n)", r"\1\n*Optional: who likes sums may read it.*\n", text, count=1, flags=re.M)
    stub = make_stub(read_solution(small, one, one.modules["basics"]), one, one.modules["basics"])
    whole = page(read_lesson(with_note, "lesson.md", list(one.exercises)), one, {"basics": stub})
    (contents,) = re.findall(r"<nav.*?</nav>", whole, re.S)
    assert Tree(contents).text.count("min, optional") == 1


@pytest.mark.parametrize("lesson", ["linear_regression", "digits"])
def test_no_part_of_our_lessons_takes_longer_than_ten_minutes(lesson: str) -> None:
    text = (ROOT / "exercises" / lesson / "lesson.html").read_text(encoding="utf-8")
    minutes = [int(each) for each in re.findall(r'<span class="minutes">(\d+) min', text)]
    assert len(minutes) > 15
    assert max(minutes) <= 10
    whole = re.search(r"about (\d+) minutes", text)
    assert whole is not None
    assert abs(sum(minutes) - int(whole[1])) < len(minutes) / 2 + 3  # each is rounded


def test_pictures_have_a_text_and_a_dark_sister(made: str) -> None:
    tree = Tree(made)
    (image,) = [attributes for tag, attributes in tree.tags if tag == "img"]
    assert image == {"src": "figures/lines.svg", "alt": "Two lines that cross"}
    (source,) = [attributes for tag, attributes in tree.tags if tag == "source"]
    assert source == {"srcset": "figures/lines-dark.svg", "media": "screen and (prefers-color-scheme: dark)"}


def test_it_needs_no_network_and_runs_no_script(made: str) -> None:
    assert "//" not in made.replace("<!doctype", "")
    assert "<script" not in made
    assert "@import" not in made
    assert not [name for _, attributes in Tree(made).tags for name in attributes if name.startswith("on")]


def test_it_tells_its_language_and_its_headings_go_down_one_step_at_a_time(made: str) -> None:
    tree = Tree(made)
    assert ("html", {"lang": "en"}) in tree.tags
    levels = [int(tag[1]) for tag, _ in tree.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
