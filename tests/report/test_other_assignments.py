"""The class pages of two assignments lead to each other."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from re import DOTALL, findall, search
from urllib.parse import unquote

import pytest

from grader.core.assignment import Assignment, Course
from grader.core.records import SubmissionResult
from grader.results.class_page import Links, class_html
from grader.results.record_rows import BatchKey
from grader.results.reports import write_all_reports
from grader.results.store import ResultStore

Make = Callable[..., SubmissionResult]
Grade = Callable[..., Path]


@pytest.fixture
def grade(tmp_path: Path, course: Course, lesson: Assignment, result_of: Make) -> Grade:
    """Store a result of an assignment in a folder, or write the folder's reports again."""

    def run(name: str, id: str = "one", title: str = "One", course_id: str = "a") -> Path:
        folder = tmp_path / name
        assignment = replace(lesson, id=id, title=title)
        its = replace(course, id=course_id, assignments={id: assignment})
        is_there = (folder / "results.db").exists()
        key = BatchKey(id, 7, "cpu", "digest", "0.1.0")
        with ResultStore.reopen(folder) if is_there else ResultStore.create(folder, key) as store:
            if not is_there:
                store.put(result_of("ada"), "digest", 0.1)
            write_all_reports(folder, store, its, assignment)
        return folder

    return run


def linked(folder: Path) -> dict[str, Path]:
    """The words of the links to other assignments, and the files that they lead to."""
    html = (folder / "class.html").read_text(encoding="utf-8")
    nav = search('<nav aria-label="Other assignments">(.*?)</nav>', html, DOTALL)
    found = findall('<a href="([^"]*)">([^<]*)</a>', nav[1]) if nav else []
    return {unescape(words): Path(os.path.normpath(folder / unquote(unescape(to)))) for to, words in found}


@pytest.mark.parametrize(("first", "second"), [("one", "two"), ("all", "all/two"), ("all/two #?", "all")])
def test_each_leads_to_the_other_in_whichever_order_they_were_graded(grade: Grade, first: str, second: str) -> None:
    title = 'Two & "more" <i>'
    one, two = grade(first), grade(second, "two", title)
    assert linked(one) == {title: two / "class.html"}
    assert linked(two) == {"One": one / "class.html"}
    before = (one / "class.html").read_bytes()
    grade(first)
    assert (one / "class.html").read_bytes() == before


def test_another_grading_of_the_same_and_another_course_are_not_among_them(grade: Grade) -> None:
    one, again, two = grade("one"), grade("again"), grade("two", "two", "Two", "b")
    assert linked(one) == linked(again) == linked(two) == {}


def test_of_two_gradings_of_another_each_has_its_folder_s_name(grade: Grade) -> None:
    one = grade("one")
    grade("autumn", "two", "Two")
    grade("spring", "two", "Two")
    assert {words: path.parent.name for words, path in linked(one).items()} == {
        "Two (autumn)": "autumn",
        "Two (spring)": "spring",
    }


def test_who_is_gone_is_not_linked_any_more(grade: Grade) -> None:
    one, two, three = grade("one"), grade("two", "two", "Two"), grade("three", "three", "Three")
    shutil.rmtree(two)
    grade("one")
    assert linked(one) == {"Three": three / "class.html"}
    assert linked(three) == {"One": one / "class.html"}


def test_one_that_is_graded_just_now_is_left_to_its_own_grading(grade: Grade) -> None:
    one = grade("one")
    with closing(sqlite3.connect(one / "results.db", isolation_level=None)) as grading:
        grading.execute("BEGIN EXCLUSIVE")
        two = grade("two", "two", "Two")
    assert linked(one) == {}
    assert linked(two) == {"One": one / "class.html"}
    grade("one")
    assert linked(one) == {"Two": two / "class.html"}


def test_a_page_that_is_damaged_or_not_ours_stays_as_it_is(grade: Grade, tmp_path: Path) -> None:
    for name, content in {"binary": b"\xff\xfe", "theirs": b"<title>x</title>", "empty": b""}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "class.html").write_bytes(content)
    assert linked(grade("one")) == {}
    assert (tmp_path / "theirs" / "class.html").read_bytes() == b"<title>x</title>"


def test_a_page_to_show_in_class_leads_nowhere(course: Course, lesson: Assignment, result_of: Make) -> None:
    html = class_html([result_of("ada")], course, lesson, Links(), anonymous=True)
    assert "other assignments" not in html
    assert f'content="{course.id}"' not in html
