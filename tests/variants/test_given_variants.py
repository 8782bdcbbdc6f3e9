"""Who has which variant by a table: a name that is written otherwise is the same learner, there as where it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from grader.cli.graded_entries import GradedVariant, GradedVariants
from grader.core.assignment import Assignment, Course, drawn_variant
from grader.core.errors import ExportError
from grader.course.load import load_course
from grader.results.export.roster_file import (
    checked_variants,
    read_given_variants,
    read_roster,
    variants_by_address,
    who_gets_which,
)

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
        roster = read_roster(table(tmp_path, (written, variant)))
        assert who_gets_which(course, sums, roster).splitlines()[1].endswith(f",{variant}")


# Of a table whose student is `ada`, each way in which people have it: {variant} is the one that is given.
TABLES = {
    "semicolons": "Student;E-Mail;VARIANT\nada;ada@uni.example;{variant}\n",
    "tabs": "student\temail\tvariant\nada\tada@uni.example\t {variant} \n",
    "as text": 'student,email,variant\n"=""ada""",ada@uni.example,"=""{variant}"""\n',
    "blanks": "student,email,variant\n\u00a0ada\u200b, ada@uni.example\u200b,\u00a0{variant}\u200b\n",
    "quoted": "student,email,variant\n'ada,ada@uni.example,{variant}\n",
    "gradebook of Canvas": 'Student,ID,SIS Login ID,Section,Variant\n    Points,,,,\n"L, A",7,ada,X,{variant}\n',
    "worksheet of Moodle": "Identifier,Email address,Variant\nada,ada@uni.example,{variant}\n",
    "numbered in Moodle": "Identifier,Email address,Variant\nParticipant 812,ada@uni.example,{variant}\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("written", TABLES)
def test_in_every_table_that_is_a_roster_the_variants_are_read(
    course: Course, tmp_path: Path, written: str, encoding: str
) -> None:
    sums, path = course.assignments["sums"], tmp_path / "roster.csv"
    for variant in ("a", "b"):
        path.write_text(TABLES[written].format(variant=variant), encoding=encoding)
        roster = checked_variants(path, sums, read_roster(path))
        addresses = {} if "Canvas" in written else {"ada@uni.example": variant}
        assert variants_by_address(course, sums, roster) == addresses
        assert who_gets_which(course, sums, roster).splitlines()[1].endswith(f",{variant}")
        entry = "812" if "numbered" in written else "ada"
        assert graded_as(course, sums, read_given_variants(path, sums), entry) == variant


@pytest.mark.parametrize("blank", ["\u200b", "\u00a0", "\ufeff"])
def test_what_is_drawn_for_a_name_is_drawn_for_it_with_blanks_around_it(
    course: Course, tmp_path: Path, blank: str
) -> None:
    sums = course.assignments["sums"]
    for name in "abcdefgh":
        roster = read_roster(table(tmp_path, (f"{blank}{name}{blank}", "")))
        drawn = drawn_variant(course.id, sums, name)
        assert who_gets_which(course, sums, roster).splitlines()[1].endswith(f",{drawn}")


@pytest.mark.parametrize("heading", ["Variants", "Varient", "variante"])
def test_a_heading_that_is_almost_variant_is_never_a_column_that_is_ignored(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(f"student,email,{heading}\nada,ada@uni.example,b\n")
    with pytest.raises(ExportError, match='Did you mean "variant"'):
        read_roster(path)


def test_a_table_without_the_column_is_told(course: Course, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("student,name\nada,Ada\n")
    with pytest.raises(ExportError, match='expected a column "variant", found none'):
        read_given_variants(tmp_path / "t.csv", course.assignments["sums"])


def test_a_learner_who_is_written_in_two_ways_is_told(course: Course, tmp_path: Path) -> None:
    for again in WRITTEN[1:4]:
        with pytest.raises(ExportError, match=r"line 3, column student: .* is there twice: line 2 has it already"):
            read_given_variants(table(tmp_path, (WRITTEN[0], "a"), (again, "b")), course.assignments["sums"])


def test_learners_whom_the_table_does_not_name_have_what_is_drawn(course: Course, tmp_path: Path) -> None:
    sums = course.assignments["sums"]
    given = read_given_variants(table(tmp_path, ("ada", "b"), ("grace", "")), sums)
    assert graded_as(course, sums, given, "grace") == drawn_variant(course.id, sums, "grace")
