"""Every kind of value and of key in every place of course.toml: the course is read, or each problem is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.core.errors import CourseError
from grader.course.load import load_course

COURSE = """[course]
id = "c"
name = "C"

[assignments.a]
title = "A"
modules.m.title = "M"

[assignments.a.exercises.f]
module = "m"
title = "F"
points = 1
hints = ["h"]
"""
VALUES = [
    *("1e400", "-1", "0", "nan", "inf", "9" * 400, "9" * 5000, "0x7fffffffffffffffff", "1e308", "true"),
    *('"1"', "''", "[1]", "[]", "{a = 1}", "{a = {b = {}}}", "[{a = 1}]", "2026-01-01", "12:00:00"),
    *('"../../etc/passwd"', '"a\\u0000b"', f'"{"x" * 5000}"', f"{'[' * 60}{']' * 60}"),
]
KEYS = ['""', '"a b"', '"é"', '"__class__"', "class", '"../x"', '"a.b"', '"\\u0000"', '"[key]"', "1", f'"{"x" * 3000}"']
OF_ASSIGNMENT = 'title = "A"\n'
# Where a value stands: what is replaced, and by what.
PLACES = {
    "points": ("points = 1", "points = {}"),
    "title": ('title = "F"', "title = {}"),
    "hints": ('["h"]', "{}"),
    "a hint": ('"h"', "{}"),
    "a whole limit": (OF_ASSIGNMENT, OF_ASSIGNMENT + "limits = {{memory_mb = {}}}\n"),
    "a limit": (OF_ASSIGNMENT, OF_ASSIGNMENT + "limits.call_seconds = {}\n"),
    "due": (OF_ASSIGNMENT, OF_ASSIGNMENT + "due = {}\n"),
    "devices": (OF_ASSIGNMENT, OF_ASSIGNMENT + "devices = {}\n"),
    "modules": ('modules.m.title = "M"', "modules = {}"),
    "a module": ('modules.m.title = "M"', "modules.m = {}"),
    "variants": (OF_ASSIGNMENT, OF_ASSIGNMENT + "variants = {}\n"),
    "a variant": (OF_ASSIGNMENT, OF_ASSIGNMENT + "variants.a = {}\nvariants.b.p = 2\n"),
    "a parameter": (OF_ASSIGNMENT, OF_ASSIGNMENT + "variants.a.p = {}\nvariants.b.p = 2\n"),
    "kit": ('name = "C"', 'name = "C"\nkit = {}'),
    "time zone": ('name = "C"', 'name = "C"\ntime_zone = {}'),
    "course": ('[course]\nid = "c"\nname = "C"', "course = {}"),
    "an exercise": ("points = 1", "points = 1\nneeds = {}"),
}
NAMED = {
    "an assignment": ("assignments.a", "assignments.{}"),
    "an exercise": ("exercises.f", "exercises.{}"),
    "a module": ("modules.m", "modules.{}"),
    "a variant": (OF_ASSIGNMENT, OF_ASSIGNMENT + "variants.{}.p = 1\nvariants.other.p = 2\n"),
    "a parameter": (OF_ASSIGNMENT, OF_ASSIGNMENT + "variants.a.{0} = 1\nvariants.b.{0} = 2\n"),
    "a key at the top": ("[course]", "{} = 1\n[course]"),
    "a key of the course": ('name = "C"', 'name = "C"\n{} = 1'),
    "a key of an exercise": ("points = 1", "points = 1\n{} = 1"),
    "keys in keys": ("[course]", "{}.{}.{}.a = 1\n[course]"),
}
FILES = {
    "UTF-16": COURSE.encode("utf-16"),
    "UTF-16 without a mark": COURSE.encode("utf-16-le"),
    "UTF-32": COURSE.encode("utf-32"),
    "old line ends": COURSE.replace("\n", "\r").encode(),
    "a NUL byte": COURSE.encode() + b"\0",
    "two marks": b"\xef\xbb\xbf" * 2 + COURSE.encode(),
    "nothing": b"",
    "a key twice": COURSE.encode() + b"points = 2\n",
    "a table twice": COURSE.encode() + b"[course]\n",
    "an array of tables": COURSE.replace("[course]", "[[course]]").encode(),
    "dotted keys without end": COURSE.encode() + b".".join([b"a"] * 3000) + b" = 1\n",
    "tables without end": COURSE.encode() + b"x = " + b"{a = " * 2000 + b"1" + b"}" * 2000,
    "arrays without end": COURSE.encode() + b"x = " + b"[" * 5000 + b"]" * 5000,
}


def problem(folder: Path, data: bytes) -> str:
    """What is said of a course file; empty where it is right."""
    (folder / "course.toml").write_bytes(data)
    try:
        load_course(folder)
    except CourseError as error:
        return str(error)
    return ""


def is_told(said: str) -> bool:
    return all(
        line.startswith("course.toml") and line.isprintable() and line.endswith(".") for line in said.split("\n")
    )


def test_the_file_that_is_changed_is_right(tmp_path: Path) -> None:
    assert problem(tmp_path, COURSE.encode()) == ""
    assert problem(tmp_path, b"\xef\xbb\xbf" + COURSE.replace("\n", "\r\n").encode()) == ""


@pytest.mark.parametrize(("places", "fillings"), [(PLACES, VALUES), (NAMED, KEYS)], ids=["values", "keys"])
def test_whatever_stands_anywhere_is_read_or_told(
    tmp_path: Path, places: dict[str, tuple[str, str]], fillings: list[str]
) -> None:
    wrong = []
    for place, (before, after) in places.items():
        assert before in COURSE
        for filling in fillings:
            said = problem(tmp_path, COURSE.replace(before, after.format(*[filling] * 3)).encode())
            if said and not is_told(said):
                wrong.append(f"{place} = {filling[:40]}: {said[:300]}")
    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_no_course_is_told(tmp_path: Path, file: str) -> None:
    assert is_told(problem(tmp_path, FILES[file]))
