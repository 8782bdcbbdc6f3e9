"""A learner's page says what is done, what isn't, and what to mend first, and nothing in it is taken for markup."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.assignment import Assignment, Course
from grader.core.records import (
    Cause,
    Excerpt,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    Override,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results.feedback_page import Page, page_of
from grader.results.reports import feedback_html, text_page

Make = Callable[..., SubmissionResult]
S = ExerciseStatus
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
MARKUP = st.sampled_from(["</p>", "<script>", "&lt;", '"', "'", "`", "``", "</style>", "{{ 7*7 }}", "{% raw %}", "\n"])


class Reader(HTMLParser):
    """The words of a page as a browser would show them, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.pieces: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] not in (["style"], ["title"]):
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return squeezed("".join(self.pieces))


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def page(course: Course, lesson: Assignment) -> Callable[[SubmissionResult], Page]:
    return lambda result: page_of(result, course, lesson)


def test_a_page_shows_the_whole_way_in_the_course_s_order(page: Callable[..., Page], result_of: Make) -> None:
    finding = Finding("`add` takes away.", (("called", "add(2, 1)"), ("expected", "3\n4")), "What is a sum?")
    result = result_of("ada", add=(S.FAILED, 0.0, finding), mean=(S.BLOCKED, 0.0, None), plot=(S.PARTIAL, 0.5, None))
    assert text_page(page(result)) == (
        "The lesson\n"
        "A small course\n"
        "\n"
        "Feedback for ada\n"
        "███████░░░░░░░░░░░░░░░░░░░░░░░  2.5 of 10 points\n"
        "\n"
        "What to try next\n"
        "----------------\n"
        "Fix add (A sum).\n"
        'Then try it with `pytest exercises -k add`, or with `check("add")` in the\n'
        "notebook.\n"
        "\n"
        "The first part\n"
        "--------------\n"
        "✗ add: A sum\n"
        "  not right yet, 0 of 2 points\n"
        "    `add` takes away.\n"
        "      called    add(2, 1)\n"
        "      expected  3\n"
        "                4\n"
        "    Hint: What is a sum?\n"
        "\n"
        "↑ mean: A mean\n"
        "  blocked by add, 0 of 3 points\n"
        "    This exercise needs add, which isn't done yet. Do that first.\n"
        "\n"
        "The second part\n"
        "---------------\n"
        "◐ plot: A picture\n"
        "  partly, 2.5 of 5 points\n"
        "    Some checks pass, others don't yet.\n"
    )


def with_cause(result: SubmissionResult, cause: Cause, around: Excerpt | None) -> SubmissionResult:
    """The same, of this cause in its first exercise."""
    first, *others = result.exercises
    return replace(result, exercises=(replace(first, cause=cause, around=around), *others))


LINES = ("def add(a, b):", "    # takes away", "    return a - b")
WHERE = "first.py, line 10:  return a - b"


def test_the_own_code_around_a_cause_stands_below_where_it_is_and_is_not_said_twice(
    page: Callable[..., Page], result_of: Make
) -> None:
    failed = result_of("ada", add=(S.FAILED, 0.0, Finding("No.", (("where", WHERE), ("read", "more")))))
    shown = page(with_cause(failed, Cause("bank", "first", 10, "No."), Excerpt(8, LINES)))
    assert (
        "    No.\n"
        "      where      first.py, line 10\n"
        "      your code     8  def add(a, b):\n"
        "                    9      # takes away\n"
        "                 > 10      return a - b\n"
        "      read       more\n"
    ) in text_page(shown)
    html = feedback_html(shown)
    assert '<span class="line marked">&gt; 10      return a - b</span>' in html
    assert html.count("return a - b") == html.count('class="line marked"') == 1
    assert html.count('<span class="line">') == 2


def test_in_a_notebook_the_own_code_says_which_cell(page: Callable[..., Page], result_of: Make) -> None:
    failed = result_of("ada", add=(S.FAILED, 0.0, Finding("No.", (("where", "cell 4, line 3:  return a - b"),))))
    shown = page(with_cause(failed, Cause("bank", "first", 3, "No.", 4), Excerpt(1, LINES)))
    assert (
        "      where      cell 4, line 3\n      your code  In cell 4:\n                   1  def add(a, b):\n"
    ) in text_page(shown)
    assert "In cell 4: 1 def add(a, b):" in Reader(feedback_html(shown)).text


def test_another_place_keeps_its_line_and_no_place_has_no_code(page: Callable[..., Page], result_of: Make) -> None:
    failed = result_of("ada", add=(S.FAILED, 0.0, Finding("No.", (("where", WHERE),))))
    elsewhere = text_page(page(with_cause(failed, Cause("bank", "first", 8, "No."), Excerpt(8, LINES))))
    assert f"where      {WHERE}\n" in elsewhere
    assert ">  8  def add(a, b):" in elsewhere
    nowhere = page(with_cause(failed, Cause("bank", "first", None, "No."), None))
    for said in (text_page(nowhere), feedback_html(nowhere)):
        assert "your code" not in said
        assert WHERE in said


def test_full_points_that_a_person_set_leave_no_code(page: Callable[..., Page], result_of: Make) -> None:
    failed = result_of("ada", add=(S.FAILED, 0.0, Finding("No.", (("where", WHERE),))))
    result = with_cause(failed, Cause("bank", "first", 10, "No."), Excerpt(8, LINES))
    for points, is_there in ((2.0, False), (1.0, True)):
        override = Override(points, "Fine.", "helena", "2026-11-29T12:00:00+00:00", 0.0)
        assert ("your code" in text_page(page(result.overruled({"add": override})))) == is_there


def test_html_and_text_say_the_same_words(page: Callable[..., Page], result_of: Make) -> None:
    finding = Finding("`add` takes away.", (("called", "add(2, 1)"), ("expected", "3\n4")), "What is a `sum`?")
    states = [(status, 0.5, finding if status is S.FAILED else None) for status in S]
    for first, second, third in zip(states, states[1:] + states[:1], states[2:] + states[:2], strict=True):
        shown = page(result_of("ada", add=first, mean=second, plot=third, note="Left aside: a.txt"))
        html, text = Reader(feedback_html(shown)).text, text_page(shown)
        # The words of the text, less its drawing: bars, rules and backticks. In HTML the points stand elsewhere.
        for word in re.sub(r"[█░`]|-{3,}|(?<=\w):(?= )|,(?= )", " ", text).split():
            assert word in html, word


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((S.PASSED, S.PASSED, S.PASSED), "Nothing: every exercise is done. Well done!"),
        ((S.TODO, S.BLOCKED, S.FAILED), "Fix plot (A picture)."),
        ((S.TODO, S.BLOCKED, S.TODO), "Begin with add (A sum)."),
        ((S.PASSED, S.PARTIAL, S.FAILED), "Fix mean (A mean)."),
        ((S.FORBIDDEN, S.BLOCKED, S.FAILED), "Fix add (A sum)."),
        ((S.PASSED, S.TIMED_OUT, S.CRASHED), "Fix mean (A mean)."),
        ((S.GRADER_ERROR, S.BLOCKED, S.PASSED), "Nothing for you to do: the remaining problem is on our side."),
    ],
)
def test_one_thing_is_named_to_try_next(
    page: Callable[..., Page], result_of: Make, states: tuple[S, S, S], said: str
) -> None:
    shown = page(
        result_of("ada", **{id: (s, 0.0, None) for id, s in zip(("add", "mean", "plot"), states, strict=True)})
    )
    assert f"----------------\n{said}\n" in text_page(shown)
    assert f"What to try next {said}" in Reader(feedback_html(shown)).text


def test_the_commands_to_try_it_again_stand_beside_what_is_named(page: Callable[..., Page], result_of: Make) -> None:
    shown = page(result_of("ada", mean=(S.FAILED, 0.0, None)))
    said = 'Fix mean (A mean). Then try it with pytest exercises -k mean, or with check("mean") in the notebook.'
    assert said in Reader(feedback_html(shown)).text
    assert said in squeezed(text_page(shown)).replace("`", "")


def test_where_two_lessons_have_an_exercise_of_that_name_the_command_names_the_lesson(
    course: Course, lesson: Assignment, result_of: Make
) -> None:
    other = replace(lesson, id="other", exercises={"mean": lesson.exercises["mean"]})
    both = replace(course, assignments={**course.assignments, "other": other})
    for name, command in (("mean", "pytest exercises/lesson -k mean"), ("add", "pytest exercises -k add")):
        said = text_page(page_of(result_of("ada", **{name: (S.FAILED, 0.0, None)}), both, lesson))
        assert f"Then try it with `{command}`" in squeezed(said)


@pytest.mark.parametrize("status", [S.PASSED, S.NOT_FOUND, S.GRADER_ERROR])
def test_where_there_is_nothing_to_try_no_command_is_named(
    page: Callable[..., Page], result_of: Make, status: S
) -> None:
    assert "Then try it" not in text_page(page(result_of("ada", mean=(status, 0.0, None))))


def test_the_day_of_the_grading_is_said_where_it_is_known(page: Callable[..., Page], result_of: Make) -> None:
    graded = replace(result_of("ada", note="Left aside: a.txt"), graded_at="2026-11-30T12:00:00+00:00")
    unreadable = replace(graded, status=SubmissionStatus.UNREADABLE)
    for result, said in ((graded, "Graded on 2026-11-30."), (unreadable, "Last tried on 2026-11-30.")):
        assert f"Feedback for ada\n{said}\n" in text_page(page(result))
        assert f"Feedback for ada {said}" in Reader(feedback_html(page(result))).text
    assert "\nWhat was graded\n---------------\nLeft aside: a.txt\n" in text_page(page(graded))
    assert " on " not in text_page(page(result_of("ada"))).split("What to try next")[0]


@pytest.mark.parametrize("status", sorted(set(SubmissionStatus) - {SubmissionStatus.GRADED}))
def test_what_was_not_graded_is_not_shown_as_no_points(
    page: Callable[..., Page], result_of: Make, status: SubmissionStatus
) -> None:
    shown = page(result_of("ada", status, "It is damaged.", **dict.fromkeys(("add", "mean"), (S.TODO, 0.0, None))))
    assert "progress" not in Reader(feedback_html(shown)).tags
    for said in (text_page(shown), Reader(feedback_html(shown)).text):
        assert "not graded" in said
        assert "░" not in said
        assert "0 of" not in said


def test_exercises_stand_in_the_course_s_order_whatever_the_order_of_the_record(
    page: Callable[..., Page], result_of: Make
) -> None:
    result = result_of("ada", add=(S.FAILED, 0.0, None), plot=(S.FAILED, 0.0, None))
    turned = SubmissionResult("ada", result.status, result.exercises[::-1])
    assert page(turned) == page(result)


def test_an_exercise_that_the_course_no_longer_has_is_shown_at_the_end(
    page: Callable[..., Page], result_of: Make
) -> None:
    result = result_of("ada")
    more = SubmissionResult("ada", result.status, (ExerciseResult("old", S.TODO, 0.0, 1.0), *result.exercises))
    shown = page(more)
    assert [title for title, _ in shown.groups] == ["The first part", "The second part", "More"]
    assert "○ old\n" in text_page(shown)
    assert "10 of 11 points" in Reader(feedback_html(shown)).text


@pytest.mark.parametrize("status", [SubmissionStatus.UNREADABLE, SubmissionStatus.REFUSED])
def test_what_was_not_graded_says_why_and_what_to_do_and_lists_no_exercise(
    page: Callable[..., Page], result_of: Make, status: SubmissionStatus
) -> None:
    shown = page(result_of("ada", status, "The notebook ends too early.", add=(S.TODO, 0.0, None)))
    for said in (squeezed(text_page(shown)), Reader(feedback_html(shown)).text):
        assert "The notebook ends too early." in said
        assert "show this page to your instructor" in said
        assert "A sum" not in said
        assert "What to try next" not in said


def test_our_own_mistake_is_no_fault_of_theirs_and_shows_nothing_of_ours(
    page: Callable[..., Page], result_of: Make
) -> None:
    shown = page(result_of("ada", SubmissionStatus.GRADER_ERROR, "Traceback: hidden/checks.py line 3"))
    for said in (squeezed(text_page(shown)), Reader(feedback_html(shown)).text):
        assert "not on yours" in said
        assert "You don't have to do anything" in said
        assert "not graded yet" in said
        assert "hidden" not in said
        assert "of 10 points" not in said


def test_a_total_that_lacks_an_exercise_of_ours_is_so_far(page: Callable[..., Page], result_of: Make) -> None:
    assert "8 of 10 points so far" in text_page(page(result_of("ada", add=(S.GRADER_ERROR, 0.0, None))))


@settings(max_examples=60)
@given(ANY_TEXT, st.lists(MARKUP | ANY_TEXT, max_size=4).map("".join))
def test_no_text_becomes_markup(course: Course, lesson: Assignment, result_of: Make, name: str, text: str) -> None:
    finding = Finding(text, ((text, text),), text)
    plain = Finding("x", (("x", "x"),), "x")
    cause = Cause("bank", "first", 1, "x")
    result = with_cause(result_of(name, note=text, add=(S.FAILED, 0.0, finding)), cause, Excerpt(1, (text,)))
    other = with_cause(result_of("x", note="x", add=(S.FAILED, 0.0, plain)), cause, Excerpt(1, ("x",)))
    html, harmless = (feedback_html(page_of(each, course, lesson)) for each in (result, other))
    html.encode()
    tags = [tag for tag in Reader(html).tags if tag not in ("code", "p")]
    assert set(tags) <= set(Reader(harmless).tags) - {"p"}
    assert abs(Reader(html).tags.count("p") - Reader(harmless).tags.count("p")) <= 3  # empty texts have no paragraph
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", html)


def test_code_between_backticks_is_set_as_code_and_still_escaped(page: Callable[..., Page], result_of: Make) -> None:
    html = feedback_html(page(result_of("ada", add=(S.FAILED, 0.0, Finding("`a < b` and `c")))))
    assert "<code>a &lt; b</code> and `c" in html


PART = "the lesson, “Sums” (lesson.html#sums)"


def test_the_part_of_the_lesson_is_a_link_where_the_course_says_where_its_lesson_is(
    course: Course, lesson: Assignment, result_of: Make
) -> None:
    result = result_of("ada", add=(S.FAILED, 0.0, Finding("x", (("called", PART), ("read", PART)))))
    placed = replace(lesson, lesson_url="https://uni.example/a&b/lesson.html")
    page, without = page_of(result, course, placed), page_of(result, course, lesson)
    there = "https://uni.example/a&b/lesson.html#sums"
    assert [value for _, value in Reader(feedback_html(page)).attributes if value and "//" in value] == [there]
    assert f"read    the lesson, “Sums” ({there})\n" in text_page(page)
    assert f"called  {PART}\n" in text_page(page)
    assert text_page(without).count(PART) == 2
    assert "uni.example" not in feedback_html(without)


@pytest.mark.parametrize("text", ["elsewhere", "see (lesson.html#a b)", "(lesson.html#x) javascript:", ""])
def test_what_names_no_part_of_the_lesson_is_no_link(
    course: Course, lesson: Assignment, result_of: Make, text: str
) -> None:
    placed = replace(lesson, lesson_url="https://uni.example/lesson.html")
    shown = page_of(result_of("ada", add=(S.FAILED, 0.0, Finding("x", (("read", text),)))), course, placed)
    assert "uni.example" not in feedback_html(shown) + text_page(shown)


def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(page: Callable[..., Page], result_of: Make) -> None:
    html = feedback_html(page(result_of("ada", add=(S.FAILED, 0.0, Finding("x", (("a", "b"),), "h")))))
    reader = Reader(html)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(reader.tags)
    assert all(value and value.startswith("#") for name, value in reader.attributes if name in ("href", "src"))
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name == "style"]
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert ("content", policy) in reader.attributes


def test_a_page_has_a_language_one_top_heading_and_no_step_left_out(page: Callable[..., Page], result_of: Make) -> None:
    reader = Reader(feedback_html(page(result_of("ada", add=(S.FAILED, 0.0, None)))))
    assert ("lang", "en") in reader.attributes
    levels = [int(tag[1]) for tag in reader.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_every_colour_of_text_stands_out_from_what_lies_below(
    page: Callable[..., Page], result_of: Make, scheme: str
) -> None:
    style = feedback_html(page(result_of("ada"))).split("<style>")[1]
    blocks = re.findall(r":root \{([^}]*)\}", style)
    colours = dict(re.findall(r"--(\w+): (#\w+)", blocks[("light", "dark", "print").index(scheme)]))
    for ink in ("ink", "quiet", "link", "green", "amber", "red", "violet"):
        for paper in ("paper", "panel"):
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
