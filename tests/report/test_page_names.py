"""Every learner gets a file name of their own that no system minds."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.results.reports import page_names

ANY_NAME = st.text(st.characters(exclude_categories=()), max_size=40)
TRICKY = st.sampled_from(
    ["a", "A", "ß", "ss", "ﬁ", "fi", "e\u0301", "é", "..", "con", "nul.", " ", "/", "-", "_", "1", "¹"]
)
HASHED = re.compile(r"-[0-9a-f]{12}$")
PATHS = ["", "..", "../../etc/passwd", "a/b", "a ", ".a", "-rf", "index"]
DEVICES = ["CON", "nul.txt", "Com1"]
WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def seen_by_a_file_system(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


@settings(max_examples=300)
@given(st.lists(ANY_NAME | st.lists(TRICKY, max_size=4).map("".join), max_size=8, unique=True))
@example(["", ".", "..", "/", "\x00", "a/b", "a\\b", "a_b", "A_b"])
def test_any_names_give_safe_file_names_that_differ_everywhere(students: list[str]) -> None:
    names = page_names(students)
    assert set(names) == set(students)
    assert len({seen_by_a_file_system(name) for name in names.values()}) == len(students)
    for name in names.values():
        assert name
        assert len(f".{name}.html.tmp".encode()) <= 143  # the shortest limit in use, that of an encrypted folder
        assert not re.search(r'[\x00-\x1f\x7f<>:"/\\|?*%#&$`\'\u202a-\u202e]', name)
        assert name[0] not in " .-"
        assert name[-1] not in " ."
        assert seen_by_a_file_system(name).split(".")[0].strip() not in WINDOWS
    assert page_names(reversed(students)) == names


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "ada.lovelace_1-2", "José", "李小龍", "محمد", "o-0123"])
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert page_names([name]) == {name: name}


@pytest.mark.parametrize(
    "name", [*PATHS, *DEVICES, "=cmd()", "<script>", "x" * 300, "a\udc80", "a\u202eb", "😀", "Cafe\u0301"]
)
def test_a_name_that_must_change_ends_with_a_hash(name: str) -> None:
    assert HASHED.search(page_names([name])[name])


def test_names_that_differ_only_by_case_both_get_a_hash() -> None:
    names = page_names(["Ada", "ada", "bob"])
    assert HASHED.search(names["Ada"])
    assert HASHED.search(names["ada"])
    assert names["bob"] == "bob"


def test_nobody_can_choose_a_name_to_take_another_s_page() -> None:
    victim = "a/b"
    taken = page_names([victim])[victim]
    for chosen in (taken, taken.upper()):
        names = page_names([victim, chosen])
        assert names[victim] == taken
        assert names[chosen].lower() != taken


def test_the_name_of_a_page_does_not_depend_on_the_rest_of_the_class() -> None:
    assert page_names(["a/b", "bob"])["a/b"] == page_names(["a/b", "cy", "a:b"])["a/b"]


def test_invisible_letters_and_towers_of_marks_are_no_part_of_a_file_name() -> None:
    names = page_names(["\u3164", "Z" + "\u0301" * 40, "e\u0301\u0323"])
    assert names["\u3164"].startswith("_-")
    assert "\u0301" * 5 not in names["Z" + "\u0301" * 40]
    assert not any("\u3164" in name for name in names.values())
