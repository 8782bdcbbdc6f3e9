"""`[assignments.ID.variants]`: what may stand there, and what is said of what may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.assignment import drawn_variant, for_all_variants, of_variant
from grader.core.errors import CourseError
from grader.course.load import load_course
from grader.selfcheck.course_file import read_lessons

HEADER = "[assignments.sums.variants]"
LINE_A = 'a = { axis = 0, reduction = "mean", along = "columnwise", shown = "tensor([2., 3.])" }\n'
LINE_B = 'b = { axis = 1, reduction = "sum", along = "rowwise", shown = "tensor([3., 7.])" }\n'


@pytest.fixture
def course(authored: Callable[[Path], Path], tmp_path: Path) -> Path:
    return authored(tmp_path)


def changed(course: Path, old: str, new: str) -> Path:
    text = (course / "course.toml").read_text()
    assert old in text
    (course / "course.toml").write_text(text.replace(old, new))
    return course


def test_a_course_with_variants_is_read(course: Path) -> None:
    sums = load_course(course).assignments["sums"]
    assert sums.variants is not None
    assert list(sums.variants) == ["a", "b"]
    assert sums.variants["b"]["axis"] == 1
    assert of_variant(sums, "b").exercises["total"].title == "The sum, rowwise"
    assert of_variant(sums, "b").variants is None
    assert for_all_variants(sums).exercises["total"].title == "The mean/sum, columnwise/rowwise"


def test_the_self_check_in_the_authors_folders_knows_the_first_variant(course: Path) -> None:
    sums = read_lessons(course / "course.toml")["sums"]
    assert (sums.variant, sums.exercises["total"].hints[0]) == ("a", "What does dim=0 go along?")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (LINE_B, "", f"line 10: {HEADER} must hold two variants or more, found 1."),
        ("axis = 1", 'axis = "1"', '"axis" in [assignments.sums.variants.b] must be a number, as in [assignments.sums'),
        ("axis = 1", "axis = [1]", "must be a number, a text, or true or false, found an array."),
        (
            "axis = 1, ",
            "",
            'line 12: [assignments.sums.variants.b] has no "axis", and [assignments.sums.variants.a] has',
        ),
        ("axis = 1", "axes = 1", 'has "axes", and [assignments.sums.variants.a] has not: each variant gives the same'),
        (LINE_B, LINE_A.replace("a =", "b =", 1), "b] is the same as [assignments.sums.variants.a]: they are one."),
        (LINE_B, "b = 1\n", 'line 12: "b" in [assignments.sums.variants] must be a table, found 1.'),
        (
            '"Along an axis"',
            '"Along {{axis}}"',
            '"title" in [assignments.sums] is the same for all variants, so no {{axis}}',
        ),
        ("dim={{axis}}", "dim={{axsi}}", 'line 18: "hints" in [assignments.sums.exercises.total] has {{axsi}}, and'),
        (
            '"Along an axis"',
            '"Along an axis"\nvariant = "a"',
            '"variant" in [assignments.sums] is written by `release`',
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(course: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(CourseError) as error:
        load_course(changed(course, old, new))
    assert sentence in str(error.value)
    assert all(line.startswith("course.toml, line ") for line in str(error.value).split("\n"))


def test_whole_numbers_and_others_are_of_one_kind(course: Path) -> None:
    load_course(changed(course, "axis = 1", "axis = 1.5"))


def test_variants_are_drawn_evenly_by_assignment_and_however_a_name_is_written(course: Path) -> None:
    sums = load_course(course).assignments["sums"]
    names = [f"learner-{number}" for number in range(2000)]
    drawn = [drawn_variant("sums", sums, name) for name in names]
    assert 900 < drawn.count("a") < 1100
    assert drawn != [drawn_variant("other", sums, name) for name in names]
    assert [drawn_variant("sums", sums, f" {name.upper()} ") for name in names] == drawn
    assert drawn_variant("sums", sums, "Zoe\u0308") == drawn_variant("sums", sums, "zo\u00eb")
