"""Names in tables: what the kit wrote with an apostrophe in front comes back without it; one that is typed is kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.collecting.collected_table import read_collected
from grader.core.assignment import Course
from grader.core.errors import KitError
from grader.course.load import load_course
from grader.grading.collect import find_entries
from grader.results.data_files import csv_lines, plain_cell, safe_cell
from grader.results.export.exported import match
from grader.results.export.roster_file import read_roster
from tests.export.small_class import COURSE

# Names as people and systems have them, and every way to begin that matters: several marks, blanks between.
NAMES = st.builds(
    "{}{}".format,
    st.text("'=+-@ \uff1d", max_size=3),
    st.sampled_from(["ada", "t Hooft", "Ng\u00e9, 'Ab", "1;=2"]),
)
COMMANDS = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    return load_course(tmp_path)


def table(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)  # as a person's program does it: nothing is put in front
    return path


@given(NAMES)
def test_what_we_write_comes_back_and_what_we_can_not_have_written_is_kept(name: str) -> None:
    assert plain_cell(safe_cell(name)) == name
    assert plain_cell(name) == name or safe_cell(plain_cell(name)) == name


@pytest.mark.parametrize("typed", ["'t Hooft", "'s-Gravesande", "'Abd", "'", "'1", "O'Hara", "'\u00e9"])
def test_a_name_that_begins_with_an_apostrophe_is_a_name(typed: str) -> None:
    assert plain_cell(typed) == typed


@settings(max_examples=60, suppress_health_check=COMMANDS)
@given(NAMES)
def test_a_roster_has_the_names_that_we_wrote_and_the_entries_that_somebody_typed(tmp_path: Path, name: str) -> None:
    ours = tmp_path / "ours.csv"
    ours.write_text("".join(csv_lines([["student", "name"], [safe_cell(name), safe_cell(name)]])), encoding="utf-8")
    person = read_roster(ours).people[0]
    assert (person.student, person.name) == (name, name.strip())
    for path in (ours, table(tmp_path / "typed.csv", [["student"], [name]])):
        assert match([name, "zoe"], read_roster(path)).people.keys() == {name}


def test_entries_that_differ_in_an_apostrophe_alone_each_have_their_line(tmp_path: Path) -> None:
    names = ["t Hooft", "'t Hooft"]
    for cells in (names, [*map(safe_cell, names)]):
        people = match(names, read_roster(table(tmp_path / "roster.csv", [["student"], *([cell] for cell in cells)])))
        assert {entry: person.student for entry, person in people.people.items()} == {name: name for name in names}


def collected_as(folder: Path, course: Course, row: list[str]) -> Iterator[tuple[str, ...]]:
    table(folder / "collected.csv", [["student", "members"], row])
    assignment = course.assignments["lesson"]
    collected = read_collected(folder, find_entries(folder), course, assignment)
    assert not collected.without_row
    for entry in collected.entries:
        yield collected.learners(entry.student)


@settings(max_examples=40, suppress_health_check=COMMANDS)
@given(NAMES.map(str.strip).filter(lambda name: ";" not in name), st.booleans())
def test_a_table_of_a_class_names_its_entries_and_members_both_ways(
    course: Course, tmp_path_factory: pytest.TempPathFactory, name: str, typed: bool
) -> None:
    folder = tmp_path_factory.mktemp("class")
    (folder / name).mkdir()
    write = str if typed else safe_cell
    assert list(collected_as(folder, course, [write(name), ""])) == [(name,)]
    for members in ([name, "zoe"], ["zoe", name]):
        assert list(collected_as(folder, course, [write(name), write("; ".join(members))])) == [tuple(members)]


def test_a_member_without_an_entry_keeps_the_apostrophe_that_was_typed(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    (folder / "ada").mkdir(parents=True)
    for cell in ("'t Hooft; ada", "''t Hooft; ada", "ada; 't Hooft"):
        (learners,) = collected_as(folder, course, ["ada", cell])
        assert set(learners) == {"ada", "'t Hooft"}


def test_a_mark_for_text_is_none_of_a_name_where_the_entries_say_so(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    (folder / "ada").mkdir(parents=True)
    assert list(collected_as(folder, course, ["'ada", ""])) == [("ada",)]
    (folder / "'ada").mkdir()
    with pytest.raises(AssertionError):
        list(collected_as(folder, course, ["'ada", ""]))  # ada has no row then


def test_a_number_with_a_mark_is_no_other_learners(tmp_path: Path) -> None:
    path = table(tmp_path / "roster.csv", [["student", "login"], ["ada", "'=1"]])
    with pytest.raises(KitError, match='line 2, column login: "=1" begins like a formula'):
        read_roster(path)
