"""Who has which variant by a table: a name that is written otherwise is the same learner, there as where it is drawn."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grader.cli.graded_entries import GradedVariant, GradedVariants
from grader.core.assignment import Assignment, Course, drawn_variant
from grader.core.errors import ExportError
from grader.course.load import load_course
from grader.results.export.autograder_run import different_variants
from grader.results.export.roster_file import read_roster
from grader.results.export.variant_roster import (
    GivenVariants,
    checked_variants,
    known_only_by_the_table,
    read_given_variants,
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


def graded_as(course: Course, assignment: Assignment, given: GivenVariants, entry: str) -> str:
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
        given = read_given_variants(table(tmp_path, (written, variant)), sums, [entry])
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
        assert graded_as(course, sums, read_given_variants(path, sums, [entry]), entry) == variant


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
        read_given_variants(tmp_path / "t.csv", course.assignments["sums"], [])


def test_a_learner_who_is_written_in_two_ways_is_told(course: Course, tmp_path: Path) -> None:
    for again in WRITTEN[1:4]:
        with pytest.raises(ExportError, match=r"line 3, column student: .* is there twice: line 2 has it already"):
            read_given_variants(table(tmp_path, (WRITTEN[0], "a"), (again, "b")), course.assignments["sums"], [])


def test_learners_whom_the_table_does_not_name_have_what_is_drawn(course: Course, tmp_path: Path) -> None:
    sums = course.assignments["sums"]
    given = read_given_variants(table(tmp_path, ("ada", "b"), ("grace", "")), sums, ["ada", "grace"])
    assert graded_as(course, sums, given, "grace") == drawn_variant(course.id, sums, "grace")


# Columns that tell learners apart, and what one of them may be: numbers of one column are often another's, too.
LOGINS = ["al01", "'t-hooft", "12", "0x", "Ada.L"]
NUMBERS = ["7", "12", "101", "102", "103", "0"]
OTHER = {
    "login": st.sampled_from(LOGINS),
    "sis_id": st.sampled_from(NUMBERS),
    "canvas_id": st.sampled_from(NUMBERS),
}
GIVEN = st.sampled_from(["", "", "a", "b"])


def distinct(rows: list[dict[str, str]]) -> bool:
    return all(len({row[key].casefold() for row in rows}) == len(rows) for key in rows[0] if key != "variant")


GRADEBOOKS = st.lists(st.fixed_dictionaries({**OTHER, "variant": GIVEN}), min_size=1, max_size=5).filter(distinct)
HEADINGS = {"login": "SIS Login ID", "sis_id": "SIS User ID", "canvas_id": "ID", "variant": "variant"}


def csv_text(rows: Iterable[list[str]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=GRADEBOOKS, called=st.sampled_from(list(OTHER)), has_variants=st.booleans())
def test_a_learner_of_a_gradebook_has_one_variant_whichever_of_its_columns_names_the_entry(
    course: Course, tmp_path: Path, rows: list[dict[str, str]], called: str, has_variants: bool
) -> None:
    entries = [row[called] for row in rows]
    # Where two columns have all the names, and give them to different learners, nobody can tell which is meant.
    assume(
        not any(
            key != called and {row[key] for row in rows} >= {*entries} and [row[key] for row in rows] != entries
            for key in OTHER
        )
    )
    sums, gradebook = course.assignments["sums"], tmp_path / "gradebook.csv"
    headings = {key: value for key, value in HEADINGS.items() if has_variants or key != "variant"}
    lines = [[f"L{number}, A", "X", *(row[key] for key in headings)] for number, row in enumerate(rows)]
    gradebook.write_text(csv_text([["Student", "Section", *headings.values()], *lines]))
    released = tmp_path / "variants.csv"
    released.write_text(who_gets_which(course, sums, read_roster(gradebook)))
    with released.open() as file:
        wanted = [row["variant"] for row in csv.DictReader(file)]
    for path in (gradebook, released):
        given = read_given_variants(path, sums, entries)
        assert [graded_as(course, sums, given, entry) for entry in entries] == wanted
    again = read_roster(released)
    assert [row.split(",")[-1] for row in who_gets_which(course, sums, again).splitlines()[1:]] == wanted
    # Nobody is told to give the table where all is drawn alike without it.
    drawn = [[drawn_variant(course.id, sums, row[key]) for key in OTHER] for row in rows]
    others = sum(set(each) != {variant} for each, variant in zip(drawn, wanted, strict=True))
    assert known_only_by_the_table(course, sums, read_roster(gradebook)) == others


def test_a_learner_of_any_roster_has_one_variant_by_all_that_it_names_them_by(course: Course, tmp_path: Path) -> None:
    sums, path = course.assignments["sums"], tmp_path / "roster.csv"
    names = {column: f"{column}-of-ada" for column in ("student", "login", "sis_id", "idnumber", "github")}
    names |= {"email": "ada@uni.example", "canvas_id": "812"}
    for variant in ("", "a", "b"):
        path.write_text(csv_text([[*names, "variant"], [*names.values(), variant]]))
        wanted = variant or drawn_variant(course.id, sums, names["student"])
        roster = read_roster(path)
        assert variants_by_address(course, sums, roster) == {"ada@uni.example": wanted}
        (tmp_path / "variants.csv").write_text(who_gets_which(course, sums, roster))
        for table_of, name in product((path, tmp_path / "variants.csv"), names.values()):
            assert graded_as(course, sums, read_given_variants(table_of, sums, [name]), name) == wanted


def test_a_team_has_what_the_first_member_draws_by_whichever_name(course: Course, tmp_path: Path) -> None:
    sums, path = course.assignments["sums"], tmp_path / "roster.csv"
    for number in range(8):
        path.write_text(
            csv_text([["student", "github", "variant"], [f"s{number}", f"g{number}", ""], ["zoe", "z", ""]])
        )
        given = read_given_variants(path, sums, [f"g{number}", "z"])
        variants = {name: cast(GradedVariant, SimpleNamespace(name=name, keys={})) for name in sums.variants or ()}
        draw = partial(drawn_variant, course.id, sums)
        team = GradedVariants(variants, given, lambda _, first=f"g{number}": (first, "z"), draw)  # type: ignore[misc]
        assert team.of("z").name == drawn_variant(course.id, sums, f"s{number}")


@given(st.dictionaries(st.sampled_from(["ada@x.y", "bob@x.y", "\x1b[31m@x.y"]), st.sampled_from(["a", "b", "c"])))
def test_a_group_is_told_exactly_where_its_members_have_different_variants(each_has: dict[str, str]) -> None:
    for_learners, for_instructors = different_variants(each_has)
    names = list(each_has.values())
    assert bool(for_learners) == bool(for_instructors) == (len(set(names)) > 1)
    if for_learners:
        assert f"graded as variant {names[0]}." in for_learners
        assert "@" not in for_learners
        assert all(f"@x.y {name}" in for_instructors for name in names)
        assert for_instructors.isprintable()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3)), max_size=6))
def test_the_variants_of_those_who_are_graded_are_counted_as_their_learners_are(
    waiting: list[tuple[str, int]],
) -> None:
    given = {f"e{number}": variant for number, (variant, _) in enumerate(waiting)}
    sizes = {f"e{number}": size for number, (_, size) in enumerate(waiting)}
    each = {name: cast(GradedVariant, SimpleNamespace(name=name, keys={})) for name in "ab"}
    team = lambda entry: tuple(f"{entry}-{member}" for member in range(sizes[entry]))  # noqa: E731
    variants = GradedVariants(each, GivenVariants(given), team, lambda _: "a")
    learners = {name: sum(size for variant, size in waiting if variant == name) for name in "ab"}
    told = f"as variant a: {learners['a']}, as variant b: {learners['b']}" if waiting else ""
    assert variants.counted(given) == told
