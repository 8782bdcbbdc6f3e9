"""Who is whose: by the entry's name, whichever way Unicode or `grades.csv` spells it, and nobody twice."""

from __future__ import annotations

from grader.export.matching import match
from grader.export.roster import Person, Roster


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
    assert 'Did you mean "ada-lovelace"?' in match(["ada-lovelac"], roster("ada-lovelace")).left_out()[0].why


def test_without_a_roster_everybody_is_who_the_entry_says() -> None:
    found = match(["ada"], None)
    assert found.people["ada"].login == "ada"
    assert not found.left_out()
