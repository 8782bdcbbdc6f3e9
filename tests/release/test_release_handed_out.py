"""Whatever is handed out can be searched: archives, notebooks, pages, pictures, data; for all that is secret."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from grader.core.assignment import find_assignment
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.derived.leaks import LeakSearch
from grader.grading.bank import load_bank

ROOT = Path(__file__).parents[2]
LESSON = "linear_regression"
ASSIGNMENT = find_assignment(load_course(ROOT), LESSON)
BANK = load_bank(ROOT, ASSIGNMENT)
# Nothing secret is quoted here: this file may be read by anybody.
MISTAKE = next(each for each in BANK.mistakes["mse"] if each.id == "divided_by_rows")
SAYS = MISTAKE.says.split(": ")[0]
SHOWS = next(each.shows for each in BANK.mistakes["mse"] if len(each.shows.split()) > 12 and "Error" not in each.shows)
HIDDEN = (ROOT / "solutions" / LESSON / "hidden" / "test_mse.py").read_text(encoding="utf-8")
ORACLE = (ROOT / "solutions" / LESSON / "oracle.py").read_bytes()
SOLUTION = next(
    line.strip()
    for line in (ROOT / "solutions" / LESSON / "from_scratch.py").read_text(encoding="utf-8").splitlines()
    if line.strip().startswith("w -=")
)
WRONG = MISTAKE.ways[0].source.splitlines()[-1].strip().removeprefix("return ")
RIGHT = max((each.source.splitlines()[-1].strip() for each in BANK.right["mse"]), key=len)


def packed(**files: str | bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.txt", data)
    return target.getvalue()


def notebook(**metadata: object) -> bytes:
    cell = {"cell_type": "code", "source": ["1"], "metadata": metadata, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def hidden_check() -> str:
    """The first hidden check, as somebody would copy it into a module of the machine."""
    return '"""A module."""\n\n\ndef test_' + HIDDEN.split("\ndef test_")[1].split("\n\n\n")[0] + "\n"


WORDS = SAYS.split()
PLANTED = {
    "exercises/one/README.md": (f"Try `{SOLUTION}`.".encode(), "line 1: repeats the solution in"),
    "lesson.ipynb": (notebook(note={"for": SAYS}), "cell 1: repeats what is said of a misconception in"),
    "names.ipynb": (notebook(**{SAYS: 1}), "cell 1: repeats what is said of a misconception in"),
    "grader/more.py": (hidden_check().encode(), "repeats hidden code in"),
    "grader/core/labels.py": (
        f'X = (\n    "{" ".join(WORDS[:4])} "\n    "{" ".join(WORDS[4:])}"\n)\n'.encode(),
        "line 2: repeats what is said of a misconception in",
    ),
    "shown.md": (f"In *{SHOWS.lower()}*".encode(), "repeats what is said of a misconception in"),
    "page.html": (
        f"<p>{'</em> <em>'.join(WORDS)}</p>".encode(),
        "line 1: repeats what is said of a misconception in",
    ),
    "figure.svg": (f"<svg><desc>{SAYS}</desc></svg>".encode(), "repeats what is said of a misconception in"),
    "alt.html": (f'<img alt="{SAYS}">'.encode(), "repeats what is said of a misconception in"),
    "data.json": (json.dumps({"a": [1, f"x\n{WRONG}\ny"]}).encode(), "repeats a misconception in"),
    "right.txt": (RIGHT.removeprefix("return ").encode(), "repeats a right answer in"),
    "given.zip": (packed(deep=packed(deeper=SOLUTION)), "given.zip/deep.txt/deeper.txt, line 1: repeats the solution"),
    "wide.txt": (SOLUTION.encode("utf-16"), "wide.txt, line 1: repeats the solution in"),
    "compiled.pyc": (b"\0\xa7\r\0" + SAYS.encode() + b"\0", "repeats what is said of a misconception in"),
    f"{MISTAKE.id}.svg": (b"<svg/>", "is called like solutions/linear_regression/mistakes/mse/divided_by_rows.py"),
    "solutions/x.txt": (b"nothing", 'lies in a folder "solutions"'),
    "copied.txt": (ORACLE.replace(b"\n", b"\r\n"), "copied.txt is a copy of solutions/linear_regression/oracle.py"),
    "marked.ipynb": (notebook(source="### BEGIN SOLUTION"), 'holds the marker "BEGIN SOLUTION"'),
}
HARMLESS = {
    "empty/__init__.py": b"",
    "picture.png": b"\x89PNG\r\n\x1a\n\0\xff",
    "said.md": b"The sum is divided, and the number of rows counts. A loss is one number.",
    "message.md": b"RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.",
    "light.md": b"`torch.sum(diff)`, `x + b`, `return losses`, `loss.backward()`",
    "text.zip": packed(one="nothing", two=b"\0\1"),
    "broken.ipynb": b"{not json",
    "list.ipynb": b"[1]",
}


@pytest.fixture(scope="module")
def search() -> LeakSearch:
    return LeakSearch(ROOT, [ASSIGNMENT])


@pytest.fixture(scope="module")
def found(search: LeakSearch) -> list[str]:
    """What is found among all of these at once."""
    return search.leaks_in({file: data for file, (data, _) in PLANTED.items()} | HARMLESS)


@pytest.mark.parametrize("file", PLANTED)
def test_what_was_planted_is_found_where_it_is(found: list[str], file: str) -> None:
    about = [leak for leak in found if leak.startswith(file)]
    assert [leak for leak in about if PLANTED[file][1] in leak], about


def test_the_sentences_themselves_give_nothing_away(found: list[str]) -> None:
    assert not [leak for leak in found for secret in (SAYS, SOLUTION, WRONG) if secret in leak]


def test_nothing_harmless_is_found(found: list[str]) -> None:
    assert not [leak for leak in found if leak.startswith(tuple(HARMLESS))]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(b"anything", mtime=0), "packed with gzip"),
        (packed(a=packed(a=packed(a=packed(a="x")))), "an archive in archives"),
        (packed(a="text").replace(b"\x08\x00", b"\x63\x00"), "can't be unpacked"),
    ],
)
def test_an_archive_that_cant_be_searched_is_refused(search: LeakSearch, data: bytes, why: str) -> None:
    with pytest.raises(ReleaseError, match=r"^x\.bin.*" + why):
        search.leaks_in({"x.bin": data})


def test_what_learners_are_told_of_each_known_mistake_is_looked_for(search: LeakSearch) -> None:
    mistakes = [each for found in BANK.mistakes.values() for each in found]
    assert len(mistakes) > 200
    assert [each.id for each in mistakes if not search.leaks_in({"x.md": each.says.encode()})] == []


def test_a_file_is_told_of_each_time_and_under_each_name_though_others_are_searched_but_once(
    search: LeakSearch,
) -> None:
    told, clean = f"Try `{SOLUTION}`.".encode(), b"Try it."
    first = search.leaks_in({"a.md": told, "b.md": clean, "c.md": told})
    assert [leak.split(",")[0] for leak in first] == ["a.md", "c.md"]
    assert search.leaks_in({"a.md": told, "b.md": clean, "c.md": told}) == first
    assert search.leaks_in({"solutions/b.md": clean}) != []
    imports = b"import solutions\n"
    assert search.leaks_in({"d.txt": imports}) == []
    assert search.leaks_in({"d.py": imports}) != []
