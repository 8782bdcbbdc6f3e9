"""A learner's source as it was graded: for instructors, each line with its number, each finding at its line."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.assignment import Assignment, Course
from grader.core.records import Cause, ExerciseStatus, Finding, Source, SubmissionResult, SubmissionStatus
from grader.results.reports import write_reports
from grader.results.source_page import coloured, source_html
from tests.report.test_page import ANY_TEXT, MARKUP, Reader

Make = Callable[..., SubmissionResult]
Show = Callable[..., str]
S = ExerciseStatus
TEXT = ("def add(a, b):", "    return a - b  # <i>", "", "x = 1")
FILE = Source("first", tuple((number, None, text) for number, text in enumerate(TEXT, 1)))
SOURCES = (FILE, Source("second", ((2, 5, "import math"), (3, 5, ""), (1, 9, "def plot():"), (4, 9, "    pass"))))
FOUND = Finding("It is wrong.", (("where", "first.py, line 2:  return a - b"),))


class Numbered(HTMLParser):
    """The page's lines of code as they are numbered, by heading."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[tuple[str, int, str]] = []
        self._heading, self._number, self._in = "", 0, ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        if tag == "ol":
            self._number = int(dict(attrs).get("start") or 1) - 1
        elif tag == "li" and self._heading != "Exercises":
            self._number += 1
            self.lines.append((self._heading, self._number, ""))
        elif tag in ("h2", "h3"):
            self._heading = ""

    def handle_endtag(self, _tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in in ("h2", "h3"):
            self._heading += data
        elif self._in == "li" and self._heading != "Exercises":
            heading, number, text = self.lines[-1]
            self.lines[-1] = heading, number, text + data


def without_colours(html: str) -> str:
    """The page with all text in one colour. Within a colour there is no markup."""
    return re.sub(r'<span class="code-(?:comment|string|keyword|number)">([^<]*)</span>', r"\1", html)


@pytest.fixture(scope="module")
def show(course: Course, lesson: Assignment) -> Show:
    return lambda result, sources=SOURCES: source_html(result, sources, course, lesson, "../feedback/ada.html")


@pytest.fixture(scope="module")
def failed(result_of: Make) -> Callable[[Cause | None], SubmissionResult]:
    """`add` failed, of this cause."""

    def make(cause: Cause | None) -> SubmissionResult:
        result = result_of("ada", add=(S.FAILED, 0.0, FOUND))
        return replace(result, exercises=(replace(result.exercises[0], cause=cause), *result.exercises[1:]))

    return make


def test_it_is_for_instructors_and_says_so(show: Show, result_of: Make) -> None:
    said = Reader(show(result_of("ada"))).text
    assert "The source of ada, as it was graded" in said
    assert "For instructors only: learners get their feedback page instead." in said


def test_lines_have_the_numbers_that_they_have_in_the_file_or_in_the_cell(show: Show, result_of: Make) -> None:
    assert Numbered(without_colours(show(result_of("ada")))).lines == [
        *(("first.py", number, text) for number, text in enumerate(TEXT, 1)),
        ("Cell 5", 2, "import math"),
        ("Cell 5", 3, ""),
        ("Cell 9", 1, "def plot():"),
        ("Cell 9", 4, "    pass"),
    ]


@pytest.mark.parametrize(
    ("module", "line", "cell", "text"), [("first", 2, None, TEXT[1]), ("second", 4, 9, "    pass")]
)
def test_what_was_found_stands_at_its_line(
    show: Show, failed: Callable[[Cause], SubmissionResult], module: str, line: int, cell: int | None, text: str
) -> None:
    html = show(failed(Cause("repair", module, line, "Look at `a - b`.", cell)))
    (marked,) = re.findall(r'<li class="marked">(.*?)</li>', html, re.DOTALL)
    code, _, note = without_colours(marked).partition("<span")
    assert Reader(f"<p>{code}").pieces == [text]
    assert 'id="add"' in note
    assert Reader(f"<p><span{note}").text == "✗ add Look at a - b."
    assert '<a href="#add">' in html
    assert "It is wrong." not in html


@pytest.mark.parametrize(
    "cause", [None, Cause("bank", "first", None, "It is wrong."), Cause("bank", "first", 99, "It is wrong.")]
)
def test_what_has_no_line_is_said_above(
    show: Show, failed: Callable[[Cause | None], SubmissionResult], cause: Cause | None
) -> None:
    html = show(failed(cause))
    assert "marked" not in Reader(html).text + str(re.findall(r"<li class=.marked", html))
    assert 'id="add"' not in html
    assert "add ✗ not right yet 0 of 2 It is wrong. first.py, line 2: return a - b" in Reader(html).text


def test_what_was_cut_is_said(show: Show, result_of: Make) -> None:
    said = Reader(show(result_of("ada"), (replace(FILE, left_out=1234),))).text
    assert "1,234 more lines: only the beginning of a large module is kept here." in said
    assert "more line" not in Reader(show(result_of("ada"))).text


@settings(max_examples=60)
@given(text=ANY_TEXT | MARKUP, says=ANY_TEXT | MARKUP)
def test_nothing_in_a_source_is_taken_for_markup(
    show: Show, failed: Callable[[Cause], SubmissionResult], text: str, says: str
) -> None:
    source = Source("first", ((1, None, text), (2, None, "x")))
    plain = show(failed(Cause("repair", "first", 2, "y")), (Source("first", ((1, None, "x"), (2, None, "x"))),))
    html = show(failed(Cause("repair", "first", 2, says)), (source,))
    tags = [tag for tag in Reader(without_colours(html)).tags if tag != "code"]
    assert tags == [tag for tag in Reader(without_colours(plain)).tags if tag != "code"]
    assert "script" not in tags


def test_comments_strings_keywords_and_numbers_have_their_colours() -> None:
    lines = [
        "def f(x): # not 'a string'",
        '    return \'not # a comment\', rb"\\"", 1.5e3, x1, self.if_, x.is',
        '    """Over',
        'two lines"" if',
        '""" if 0x1F else \'open',
        "None",
    ]
    assert [[span for span in line if span[0]] for line in coloured(lines)] == [
        [("keyword", "def"), ("comment", "# not 'a string'")],
        [("keyword", "return"), ("string", "'not # a comment'"), ("string", 'rb"\\""'), ("number", "1.5e3")],
        [("string", '"""Over')],
        [("string", 'two lines"" if')],
        [("string", '"""'), ("keyword", "if"), ("number", "0x1F"), ("keyword", "else"), ("string", "'open")],
        [("keyword", "None")],
    ]


CODE = st.text(st.sampled_from("\"'#\\rb ifx.1\n")) | st.text()


@given(text=CODE)
def test_in_its_colours_a_text_is_the_same(text: str) -> None:
    lines = text.split("\n")
    assert ["".join(span for _, span in line) for line in coloured(lines)] == lines
    assert all(span for line in coloured(lines) for _, span in line)


@settings(max_examples=40)
@given(piece=st.text(st.sampled_from("\"'#\\rb 1\n"), min_size=1, max_size=8))
def test_colours_take_time_in_proportion_to_the_text(piece: str) -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        coloured((piece * times).split("\n"))
        return time.process_time() - begun

    gc.disable()  # what it takes hangs on all else that this process holds
    try:
        short, long = (min(seconds(times) for _ in range(3)) for times in (1000, 16_000))
    finally:
        gc.enable()
    assert long < 80 * short + 0.05  # in proportion: 16 times; with its square: 256


@pytest.fixture
def render(tmp_path: Path, course: Course, lesson: Assignment, result_of: Make) -> Callable[..., list[Path]]:
    def run(*students: str, without: str = "") -> list[Path]:
        def results() -> list[SubmissionResult]:
            return [result_of(each, SubmissionStatus.GRADED) for each in sorted(students)]

        sources = lambda student: () if student == without else SOURCES  # noqa: E731
        return write_reports(tmp_path, results, course, lesson, sources=sources)

    return run


def test_the_pages_are_those_of_who_is_there_however_often_they_are_written(
    tmp_path: Path, render: Callable[..., list[Path]]
) -> None:
    folder = tmp_path / "source"
    assert folder in render("ada", "bob", "a/b")
    there = sorted(path.name for path in folder.iterdir())
    assert [name[:3] for name in there] == ["a_b", "ada", "bob"]
    (folder / "mine.html").write_text("mine")
    render("ada", "bob", "a/b")
    assert sorted(path.name for path in folder.iterdir()) == [*there, "mine.html"]
    render("ada", "bob", without="bob")
    assert sorted(path.name for path in folder.iterdir()) == ["ada.html", "mine.html"]


def test_where_no_source_is_known_there_is_no_folder_and_no_column(
    tmp_path: Path, render: Callable[..., list[Path]]
) -> None:
    render("ada", without="ada")
    assert not (tmp_path / "source").exists()
    assert "source" not in Reader((tmp_path / "class.html").read_text(encoding="utf-8")).text
