"""The audit as JSON and as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.audit.conftest import Audited

_VOID = {"meta", "br", "link", "hr", "img", "input"}


class Outline(HTMLParser):
    """Parses a page strictly: every element that is opened is closed, in order. Gathers the cells of each row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.rows: list[list[str]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.seen.add(tag)
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def test_the_json_has_the_keys_that_are_documented_and_no_others(sound: Audited, root: Path) -> None:
    docs = (root / "docs/audit.md").read_text(encoding="utf-8")
    rows = docs.split("## As JSON")[1].split("\n## ")[0]
    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", rows, re.M)))) == set(sound.data)
    for name in ("implementations", "equivalents"):
        written = re.search(rf"^\| `{name}` \| each `{{([^}}]*)}}`", rows, re.M)
        assert written
        assert set(re.findall(r'"(\w+)"', written[1])) == set(sound.data[name][0])
    centre = sound.data["exercises"]["centre"]
    (checks,) = re.findall(r"`checks`, each `{([^}]*)}`", rows)
    assert set(re.findall(r'"(\w+)"', checks)) == set(centre["checks"][0])
    (runs,) = re.findall(r'each `{("exercise", "seed"[^}]*)}`', rows)
    assert set(re.findall(r'"(\w+)"', runs)) == set(sound.implementation("centre/mean")["runs"][0])


def test_the_json_says_what_was_tried(sound: Audited) -> None:
    assert sound.data["seeds"] == [1, 2, 3]
    kinds = [each["kind"] for each in sound.data["implementations"]]
    assert kinds[:4] == ["reference", "stub", "mistake", "right"]
    assert set(kinds[4:]) == {"mutant"}
    mistake = sound.implementation("centre/by_columns")
    assert (mistake["accepted_with"], mistake["named"], mistake["diff"]) == ([], "by_columns", None)
    assert mistake["runs"][0]["checks"] == {"test_centre": "failed", "test_many_rows": "failed"}


def test_the_page_is_well_formed_and_needs_nothing_from_elsewhere(unsound: Audited) -> None:
    page = Outline(unsound.html)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & page.seen
    assert not re.search(r"https?://", unsound.html)
    assert "prefers-color-scheme: dark" in unsound.html


def test_the_page_holds_every_problem_and_every_implementation(unsound: Audited) -> None:
    page = Outline(unsound.html)
    for problem in unsound.data["problems"]:
        for line in problem.split("\n"):
            assert line in page.text
    for each in unsound.data["implementations"]:
        if each["exercise"]:
            assert each["title"] in page.text


def test_the_matrix_shows_which_check_fails_what(unsound: Audited) -> None:
    page = Outline(unsound.html)
    (always_twice,) = [row for row in page.rows if row[0].startswith("always_twice")]
    assert always_twice[1:4] == ["✓", "✓", "✓"]
    (spoils,) = [row for row in page.rows if row[0].startswith("spoils")]
    assert spoils[1:] == ["✗", "0 of 2"]
