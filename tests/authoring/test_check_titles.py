"""A suggested title says what the docstring says, as it is read behind the exercise's name; or there is none."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.check_titles import title_of


@pytest.mark.parametrize(
    ("docstring", "title"),
    [
        (
            "Move every column of x so that its mean is 0.\n\nx: float tensor (n, d).",
            "moves every column of x so that its mean is 0",
        ),
        (
            "Multiply each feature by a number, and add another.",
            "multiplies each feature by a number, and adds another",
        ),
        ("Double each number and return the sum. x: a tensor.", "doubles each number and returns the sum"),
        ("Sort the rows and columns of x.", "sorts the rows and columns of x"),
        ("The cosine of the angle between x and y.", "gives the cosine of the angle between x and y"),
        (
            "How many rows have the highest score at their label.",
            "gives how many rows have the highest score at their label",
        ),
        ("Whether x is sorted.", "says whether x is sorted"),
        ("Softmax of each row.", "gives softmax of each row"),
        ("Returns the mean\n    of x.", "returns the mean of x"),
        ("Be exact about x.", "is exact about x"),
        ("Copy x to y", "copies x to y"),
        ("Pass x on!", "passes x on"),
        ("", ""),
        ("Centre.", ""),
        (">>> double(2)\n4", ""),
        ("Say " + "word " * 40, ""),
        ("Say a\0b.", ""),
    ],
)
def test_the_first_sentence_is_the_title(docstring: str, title: str) -> None:
    assert title_of(docstring) == title


@given(st.text(st.sampled_from(list('ab The and, add .:"\\\n>{}#')), max_size=200) | st.text(max_size=60))
def test_a_title_fits_into_a_docstring_of_one_line_whatever_it_is_made_of(docstring: str) -> None:
    title = title_of(docstring)
    assert len(title) < 110
    (node,) = ast.parse(f'def test(student):\n    """{title}"""\n').body
    assert isinstance(node, ast.FunctionDef)
    assert ast.get_docstring(node, clean=False) == title
