"""Who has which variant by a table: a name that is written otherwise is the same learner, there as where it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from grader.cli.graded_entries import GradedVariant, GradedVariants
from grader.core.assignment import Assignment, Course, drawn_variant
from grader.core.errors import CollectError
from grader.course.load import load_course
from grader.results.export.roster import Roster
from grader.results.export.roster_file import read_given_variants, who_gets_which

WRITTEN = ["Jos\u00e9 Ada", "jose\u0301 ada", "JOS\u00c9 ADA", "  Jos\u00e9 ada ", "'jos\u00e9 Ada"]


@pytest.fixture
def course(authored: Callable[[Path], Path], tmp_path: Path) -> Course:
    return load_course(authored(tmp_path / "course"))


def table(folder: Path, *rows: tuple[str, str]) -> Path:
    path = folder / "variants.csv"
    path.write_text("student,variant\n" + "".join(f"{who},{variant}\n" for who, variant in rows), encoding="utf-8")
    return path


def graded_as(course: Course, assignment: Assignment, given: dict[str, str], entry: str) -> str:
    variants = {name: cast(GradedVariant, SimpleNamespace(name=name, keys={})) for name in assignment.variants or ()}
    draw = lambda who: drawn_variant(course.id, assignment, who)  # noqa: E731
    return GradedVariants(variants, given, lambda name: (name,), draw).of(entry).name


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("entry", [name.strip() for name in WRITTEN[:4]])
def test_however_the_name_is_written_the_learner_has_what_the_table_says(
    course: Course, tmp_path: Path, written: str, entry: str
) -> None:
    sums = course.assignments["sums"]
    for variant in ("a", "b"):
        given = read_given_variants(table(tmp_path, (written, variant)), sums)
        assert graded_as(course, sums, given, entry) == variant
        roster = cast(Roster, SimpleNamespace(people=[SimpleNamespace(student=entry)]))
        assert who_gets_which(course, sums, roster, given).splitlines()[1].endswith(f",{variant}")


def test_a_learner_who_is_written_in_two_ways_and_has_two_variants_is_told(course: Course, tmp_path: Path) -> None:
    for again in WRITTEN[1:]:
        with pytest.raises(CollectError, match=r"line 3, column student: .* has the variant a in line 2"):
            read_given_variants(table(tmp_path, (WRITTEN[0], "a"), (again, "b")), course.assignments["sums"])


def test_learners_whom_the_table_does_not_name_have_what_is_drawn(course: Course, tmp_path: Path) -> None:
    sums = course.assignments["sums"]
    given = read_given_variants(table(tmp_path, ("ada", "b"), ("grace", "")), sums)
    assert graded_as(course, sums, given, "grace") == drawn_variant(course.id, sums, "grace")
