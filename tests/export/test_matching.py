"""Who is whose: by the entry's name, whichever way Unicode or `grades.csv` spells it, and nobody twice."""

from __future__ import annotations

import pytest

from grader.core.errors import ExportError
from grader.results.export.exported import match
from grader.results.export.roster import Person, Roster


def roster(*students: str) -> Roster:
    return Roster(tuple(Person(student, line=line) for line, student in enumerate(students, start=2)))


def test_both_sides_are_accounted_for() -> None:
    found = match(["ada", "eve"], roster("ada", "bob"))
    assert set(found.people) == {"ada"}
    assert found.without_line == ("eve",)
    assert [person.student for person in found.without_result] == ["bob"]
    assert [each.student for each in found.left_out()] == ["eve", "bob"]


def test_a_name_from_a_mac_is_the_same_name() -> None:
    assert match(["Zoe\u0308"], roster("Zo\u00eb")).people["Zoe\u0308"].line == 2


def test_a_name_as_the_gradebook_writes_it_is_the_same_name() -> None:
    assert match(["=x()", "a\nb"], roster("'=x()", "a\\nb")).people.keys() == {"=x()", "a\nb"}


def test_the_exact_name_comes_first_and_no_line_counts_twice() -> None:
    found = match(["Zoe\u0308", "Zo\u00eb"], roster("Zo\u00eb"))
    assert found.people.keys() == {"Zo\u00eb"}
    assert found.without_line == ("Zoe\u0308",)


def test_somebody_who_is_almost_there_is_asked_about() -> None:
    found = match(["bob", "ada-lovelac"], roster("bob", "ada-lovelace"))
    assert 'Did you mean "ada-lovelace"?' in found.left_out()[0].why


NAMES = ["george", "gone", "ada", "alan", "grace", "hana", "noor", "omar", "peter", "wendy"]


@pytest.mark.parametrize("student", NAMES)
def test_nobody_is_taken_for_another_person_and_a_slip_is_seen(student: str) -> None:
    others = [name for name in NAMES if name != student]
    assert match(["zoe", student], roster("zoe", *others)).left_out()[0].why == "not in the roster"
    slip = f"{student[0]}{student}"
    assert f'Did you mean "{student}"?' in match(["zoe", slip], roster("zoe", *NAMES)).left_out()[0].why


SPELLINGS = [
    "AL01",
    "Al01",
    " al01",
    "al01 ",
    "\u00a0al01\u00a0",
    "\u3000al01\u2007",
    "\t al01\r\n",
    "\ufeffal01",
    "\u200eal01\u202c",
    "\uff41\uff4c\uff10\uff11",
    " \uff21\uff2c01\u00a0",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_case_and_spaces_around_and_wide_letters_make_no_other_login(written: str) -> None:
    for entry, line in [("al01", written), (written, "al01")]:
        found = match([entry, "at02"], roster(line, "at02"))
        assert {entry: 2, "at02": 3} == {student: person.line for student, person in found.people.items()}
        assert not found.left_out()


@pytest.mark.parametrize("one", SPELLINGS)
def test_of_two_that_are_the_same_but_for_that_the_exact_one_has_the_line_and_else_nobody(one: str) -> None:
    other = "aL01"
    exact = match([one, other], roster(one, "x"))
    assert exact.people.keys() == {one}
    neither = match([one, other, "x"], roster("al01", "x"))
    assert neither.people.keys() == {"x"}
    assert all("differ only in case or spaces" in each.why for each in neither.left_out()[:2])


@pytest.mark.parametrize("other", ["al02", "al0l", "a l01", "al-01", "al01x"])
def test_what_is_another_login_is_not_matched(other: str) -> None:
    assert match(["al01", "x"], roster(other, "x")).without_line == ("al01",)


def test_when_nobody_is_found_both_sides_are_shown_and_the_nearest_names() -> None:
    with pytest.raises(ExportError) as caught:
        match(["al01", "at02"], roster("al-1", "zz", *(f"more{number}" for number in range(9))))
    said = str(caught.value)
    assert "None of the results is in the roster." in said
    assert 'The entries are called "al01", "at02"' in said
    assert '"al-1", "zz", "more0", "more1", "more2" and 6 more' in said
    assert 'Did you mean "al-1"?' in said


def test_when_nobody_is_found_the_column_that_has_the_names_is_told() -> None:
    with pytest.raises(ExportError, match='Its column "github" has them: call that one "student"'):
        match(["ada-l"], Roster((Person("ada", github="Ada-L", line=2),)))


def test_zeros_that_a_spreadsheet_took_away_are_told_by_the_entries() -> None:
    with pytest.raises(ExportError) as caught:
        match(["00123", "04500", "99999"], roster("123", "4500", "99999"))
    assert 'line 2: "123" has lost the zeros at its front' in str(caught.value)
    assert 'the entry is called "04500"' in str(caught.value)
    assert match(["0123", "456"], roster("0123", "456")).people.keys() == {"0123", "456"}


@pytest.mark.parametrize("column", ["login", "sis_id", "canvas_id"])
def test_of_a_gradebook_the_column_counts_in_which_the_entries_are(column: str) -> None:
    people = tuple(Person("", login=f"l{n}", sis_id=f"S-{n}", canvas_id=f"{100 + n}", line=n) for n in range(2, 6))
    gradebook = Roster(people, named_by=("login", "sis_id", "canvas_id"))
    names = [getattr(person, column).upper() for person in people]
    found = match(names[:3], gradebook)
    assert [found.people[name].line for name in names[:3]] == [2, 3, 4]
    assert [person.student for person in found.without_result] == [getattr(people[3], column)]


def test_without_a_roster_everybody_is_who_the_entry_says() -> None:
    found = match(["ada"], None)
    assert found.people["ada"].login == "ada"
    assert not found.left_out()
