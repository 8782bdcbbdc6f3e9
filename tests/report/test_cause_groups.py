"""Mistakes that no misconception names, grouped by their cause, as the instructor sees them."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from grader.core.assignment import Assignment, Course
from grader.core.records import Cause, ExerciseStatus, Finding, Override, SubmissionResult
from grader.results.cause_groups import cause_groups, kind_of_cause
from grader.results.class_page import Links, class_html
from grader.results.summary_table import print_table
from tests.report.test_page import MARKUP, Reader

Make = Callable[..., SubmissionResult]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
WRITTEN = st.lists(ANY_TEXT | MARKUP, max_size=4).map("".join)
BY = ("repair", "behaviour", "exception")


def repair(says: str, line: int = 4) -> Cause:
    return Cause("repair", "first", line, says)


def failed(result_of: Make, student: str, **causes: Cause | None) -> SubmissionResult:
    """A result in which the exercises that are named failed, of these causes."""
    result = result_of(student, **dict.fromkeys(causes, (ExerciseStatus.FAILED, 0.0, Finding("No."))))
    return replace(result, exercises=tuple(replace(e, cause=causes.get(e.id)) for e in result.exercises))


def groups(*results: SubmissionResult) -> list[tuple[str, str, int, str, str]]:
    return [(g.exercise, g.kind, g.learners, g.student, g.place) for g in cause_groups(results)]


def printed(*results: SubmissionResult, encoding: str = "utf-8", width: int = 100) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    print_table(Console(file=file, width=width), lambda: results)
    return raw.getvalue().decode(encoding)


@pytest.fixture(scope="session")
def page(course: Course, lesson: Assignment) -> Callable[..., str]:
    return lambda *results: class_html(results, course, lesson, Links())


def test_what_differs_only_in_the_learners_own_code_is_one_group(result_of: Make) -> None:
    assert groups(
        failed(result_of, "ada", add=repair("Look at the operator in `a += b`.", 7)),
        failed(result_of, "bob", add=repair("Look at the operator in `c -= d`.", 9)),
        failed(result_of, "eve", add=repair("Look at the number `3` in `c - 3`.", 2)),
    ) == [
        ("add", "Look at the operator in …", 2, "ada", "first.py, line 7"),
        ("add", "Look at the number … in …", 1, "eve", "first.py, line 2"),
    ]


def test_the_largest_groups_come_first_and_each_exercise_has_its_own_in_the_courses_order(result_of: Make) -> None:
    same = repair("Look at `x`: something is missing there.")
    other = repair("Look at `x`: a part of it is too much.")
    assert [
        (exercise, learners)
        for exercise, _, learners, _, _ in groups(
            failed(result_of, "ada", plot=same, mean=other),
            failed(result_of, "bob", plot=same, mean=same, add=other),
        )
    ] == [("plot", 2), ("add", 1), ("mean", 1), ("mean", 1)]


def test_only_mistakes_that_have_a_cause_and_no_name_are_counted(result_of: Make) -> None:
    named = Cause("bank", "first", 3, "That is the sum.")
    result = failed(result_of, "ada", add=named, mean=None, plot=repair("Look at `x`."))
    result = replace(
        result, exercises=tuple(replace(e, misconception="sum" if e.id == "add" else None) for e in result.exercises)
    )
    assert [group.exercise for group in cause_groups([result])] == ["plot"]


def test_what_a_person_gave_all_points_for_is_no_mistake_any_more(result_of: Make) -> None:
    result = failed(result_of, "ada", add=repair("Look at `x`."))
    override = Override(2.0, "It is right.", "helena", "2026-11-24T10:00:00+01:00", 0.0)
    assert len(cause_groups([result])) == 1
    assert cause_groups([result.overruled({"add": override})]) == []


@pytest.mark.parametrize(
    ("by", "says", "kind"),
    [
        ("exception", "A colon is missing on this line: if, else and for end in one.", "A colon is missing on this line"),
        ("exception", "The function stopped with an error.", "The function stopped with an error"),
        ("exception", "from_scratch.py can't be imported. More.", "from_scratch.py can't be imported"),
        ("exception", "Shapes (5, 3) and (2, 3) can't be multiplied: no.", "Shapes (…, …) and (…, …) can't be multiplied"),
        ("exception", "A result of dtype float32 is wrong here. `x`", "A result of dtype float32 is wrong here"),
        ("exception", "", ""),
        ("behaviour", "add returns nothing: look at how it ends.", "add returns nothing: look at how it ends"),
        ("repair", "Look at `a`: a part of it is too much.", "Look at …: a part of it is too much"),
        ("repair", "Look at `x = '`' and more`.", "Look at …' and more`"),
    ],
)  # fmt: skip
def test_the_kind_of_a_cause_is_what_is_said_without_what_is_quoted(by: str, says: str, kind: str) -> None:
    assert kind_of_cause(Cause(by, "first", 3, says)) == kind  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "cell", "place"),
    [
        (4, None, "first.py, line 4"),
        (4, 12, "first, cell 12, line 4"),
        (None, None, "first.py"),
        (None, 12, "first, cell 12"),
    ],
)
def test_the_example_says_where_it_is(result_of: Make, line: int | None, cell: int | None, place: str) -> None:
    result = failed(result_of, "ada", add=Cause("exception", "first", line, "It stopped.", cell))
    assert cause_groups([result])[0].place == place


def test_the_table_at_the_end_shows_each_group_with_an_example(result_of: Make) -> None:
    said = printed(
        failed(result_of, "ada", add=repair("Look at `a[0]`.")), failed(result_of, "bob", add=repair("Look at `b`."))
    )
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "exercise other mistakes learners for example" in lines
    assert "add Look at … 2 ada: first.py, line 4" in lines
    assert "other mistakes" not in printed(result_of("ada"))


def test_of_many_groups_the_table_shows_the_largest_and_says_where_the_rest_is(
    result_of: Make, page: Callable[..., str]
) -> None:
    results = [failed(result_of, f"s{n:02}", add=repair(f"Look at kind {chr(97 + n)}.")) for n in range(22)]
    said = printed(*results, failed(result_of, "zoe", add=repair("Look at kind v.")))
    assert "… and 2 more in class.html" in said
    assert said.index("kind v") < said.index("kind a")
    assert "kind s" in said
    assert "kind t" not in said
    assert all(f"kind {chr(97 + n)}" in page(*results) for n in range(22))


def test_the_page_shows_misconceptions_and_groups_with_the_whole_sentence(
    result_of: Make, page: Callable[..., str]
) -> None:
    one = failed(result_of, "ada", mean=repair("Look at the operator in `a < b`."))
    two = failed(result_of, "bob", mean=repair("Look at the operator in `c > d`."), add=None)
    two = replace(two, exercises=(replace(two.exercises[0], misconception="add_minus"), *two.exercises[1:]))
    html = page(one, two)
    text = Reader(html).text
    assert "2 submissions: 2 graded." in text
    assert "1 learner add minus" in spaced(html)
    assert "mean Look at the operator in … 2 learners: ada , bob first.py, line 4: Look at the operator in a < b." in (
        spaced(html)
    )
    assert "<code>a &lt; b</code>" in html
    assert "c &gt; d" not in html


def test_a_class_without_mistakes_has_a_page_too(result_of: Make, page: Callable[..., str]) -> None:
    text = Reader(page(result_of("ada"))).text
    assert "1 submission: 1 graded." in text
    assert "No misconception was recognised." in text
    assert "There are none." in text


def spaced(html: str) -> str:
    """The words of the page's body, one space between what stands in different places."""
    return (
        " ".join(unescape(re.sub(r"<[^>]*>", " ", html[html.index("<body>") :])).split())
        .replace(" .", ".")
        .replace(" :", ":")
    )


@settings(max_examples=60)
@given(name=WRITTEN, code=WRITTEN, by=st.sampled_from(BY))
@example(name="</td><script>", code="</td><script>", by="repair")
@example(name="`<b>`", code="`<b>`", by="exception")
def test_no_text_of_a_learner_is_taken_for_markup(
    result_of: Make, page: Callable[..., str], name: str, code: str, by: str
) -> None:
    plain = Reader(page(failed(result_of, "ada", add=repair("Look at `x`."))))
    cause = Cause(by, "first", 1, f"Look at `{code}`: {code}.")  # type: ignore[arg-type]
    html = page(failed(result_of, name, add=cause))
    shown = Reader(html)
    assert [tag for tag in shown.tags if tag != "code"] == [tag for tag in plain.tags if tag != "code"]
    assert shown.attributes == plain.attributes


def test_its_policy_lets_in_no_script_and_no_style_but_its_own(result_of: Make, page: Callable[..., str]) -> None:
    html = page(failed(result_of, "ada", add=repair("Look at `<script>`.")))
    allowed = []
    for tag in ("style", "script"):
        (found,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        allowed.append(f"{tag}-src 'sha256-{digest}'")
    assert f"default-src 'none'; {'; '.join(allowed)}; base-uri 'none'; form-action 'none'" in html


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@settings(max_examples=40)
@given(name=ANY_TEXT, text=ANY_TEXT, by=st.sampled_from(BY))
def test_any_text_fits_any_console(result_of: Make, encoding: str, name: str, text: str, by: str) -> None:
    result = failed(result_of, name, add=Cause(by, "first", 1, f"{text} `{text}` {text}"))  # type: ignore[arg-type]
    said = printed(result, encoding=encoding, width=80)
    assert "\x1b" not in said
    if encoding == "ascii":
        assert all(len(row) <= 80 for row in said.splitlines() if "submission" not in row)
