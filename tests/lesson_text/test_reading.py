"""A lesson's text is read into its parts, and whatever is not in the format is a sentence with its line."""

from __future__ import annotations

import pytest

from grader.core.errors import KitError, LessonError
from grader.course.lesson_text import (
    Demonstration,
    ExercisePlace,
    Figure,
    Part,
    Prose,
    Question,
    TextHeading,
    read_lesson,
)


def read(body: str, *exercises: str) -> tuple[Part, ...]:
    return read_lesson("# Title\n\n" + body, "lesson.md", exercises).parts[1:]


def wrong(body: str, *exercises: str) -> str:
    with pytest.raises(LessonError) as raised:
        read(body, *exercises)
    assert isinstance(raised.value, KitError)
    return str(raised.value)


def test_headings_have_their_anchors_directly_before_or_after_a_blank_line() -> None:
    parts = read('<a id="one"></a>\n## One `code`\n\n<a id="two"></a>\n\n### Two\n\n#### Small\n')
    assert parts == (
        TextHeading(4, 2, "One `code`", "one"),
        TextHeading(8, 3, "Two", "two"),
        TextHeading(10, 4, "Small"),
    )


def test_prose_keeps_its_markdown_and_code_that_is_not_python_is_prose() -> None:
    text = "Some *words*,\nand [a link](#x).\n\n- one\n\n  ```python\n  nested = 1\n  ```\n\n| a |\n|---|\n| 1 |\n\n```text\nshape (5, 3)\n```"
    assert read(text) == (Prose(3, text),)


def test_python_is_a_demonstration_and_output_behind_it_is_what_it_prints() -> None:
    parts = read("Before.\n\n```python\nx = 1\nx\n```\n\n```output\n1\n```\n\n```python\ny = 2\n```\n")
    assert parts == (Prose(3, "Before."), Demonstration(5, "x = 1\nx", "1"), Demonstration(14, "y = 2"))


def test_a_question_has_an_answer_in_which_python_is_not_run() -> None:
    parts = read("<details><summary>Why `x`?</summary>\n\nBecause.\n\n```python\n1\n```\n\n</details>\n\nMore.\n")
    assert parts == (Question(3, "Why `x`?", "Because.\n\n```python\n1\n```"), Prose(13, "More."))


def test_exercises_and_figures_are_parts_of_their_own() -> None:
    parts = read("<!-- exercise: add -->\n\n![A plane\\, tilted](figures/the-plane.svg)\n", "add")
    assert parts == (ExercisePlace(3, "add"), Figure(5, "A plane, tilted", "figures/the-plane.svg"))
    assert isinstance(parts[1], Figure)
    assert parts[1].dark_path == "figures/the-plane-dark.svg"


def test_line_ends_and_a_byte_order_mark_make_no_difference() -> None:
    text = '# Title\n\n<a id="one"></a>\n\n## One\n\nWords.\n\n```python\n1\n```\n'
    assert read_lesson("\ufeff" + text.replace("\n", "\r\n"), "lesson.md", ()) == read_lesson(text, "lesson.md", ())


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("## One", 'line 3: expected a line <a id="..."></a> before a section\'s heading; found none.'),
        ('<a id="one"></a>\n\nWords.', "line 3: expected a heading after an anchor; found none before line 5."),
        ('<a id="one"></a>', "line 3: expected a heading after an anchor"),
        ('<a id="x"></a>\n\n## X\n\n<a id="x"></a>\n\n## Y', 'line 7: expected anchors that differ; found "x", which line 3 has.'),
        ("# Another", "line 3: expected one title, `# ...`, before all else; found `# Another`."),
        ("```output\n1\n```", "line 3: expected ```output directly after ```python"),
        ("```python\n1\n```\n\nWords.\n\n```output\n1\n```", "line 9: expected ```output directly after ```python"),
        ("```python\n1\n```\n\n```output\n1\n```\n\n```output\n1\n```", "line 11: expected ```output directly"),
        ("```python\nx = (\n```", "lesson.md, line 4: not valid Python"),
        ("```python title\n1\n```", "line 3: expected ```python and nothing behind it; found ```python title."),
        ("```python\n1", "line 3: expected ``` at the end of this block of code; found none."),
        ("<details><summary>Why?</summary>\n\nSo.", "line 3: expected </details> on a line of its own"),
        ("<details><summary>Why?</summary>\n\n</details>", "line 3: expected an answer, after a blank line"),
        ("</details>", "line 3: expected no HTML but these"),
        ("Some <b>bold</b> words.", "line 3: expected no HTML but these"),
        ("- a list\n- with <br>", "line 4: expected no HTML but these"),
        ("<!-- note to self -->", "line 3: expected no HTML but these"),
        ("![](figures/x.svg)", "line 3: expected a figure alone on its line"),
        ("![Alt](x.png)", "line 3: expected a figure alone on its line"),
        ("Words ![Alt](figures/x.svg) and more.", "line 3: expected a figure alone on its line; found one within a text."),
        ("See [this][1].\n\n[1]: #x", "line 5: expected links written out"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_format_is_refused_with_its_line(body: str, sentence: str) -> None:
    assert sentence in wrong(body)


def test_a_lesson_begins_with_its_title() -> None:
    for text in ("", "Words.", '<a id="x"></a>\n\n## X'):
        with pytest.raises(LessonError, match=r"expected the lesson's title, `# \.\.\.`, before all else"):
            read_lesson(text, "lesson.md", ())


def test_each_exercise_has_its_place_once_and_in_order() -> None:
    places = "<!-- exercise: add -->\n\n<!-- exercise: twice -->\n"
    assert len(read(places, "add", "twice")) == 2
    assert 'line 5: there is no exercise "twice", expected one of add, twic. Did you mean "twic"?' in wrong(
        places, "add", "twic"
    )
    assert 'the exercise "half" has no place' in wrong(places, "add", "twice", "half")
    assert 'line 3: expected the exercise "twice", as course.toml has them' in wrong(places, "twice", "add")
    assert 'line 7: the exercise "add" has its place in line 3 already' in wrong(
        places + "\n<!-- exercise: add -->\n", "add", "twice"
    )
