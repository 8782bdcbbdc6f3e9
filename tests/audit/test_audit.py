"""An audit of a small lesson finds what is wrong with it, and nothing wrong with one that is sound; on the terminal, as
JSON and as a page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.audit.conftest import Audited

pytestmark = pytest.mark.slow

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


def test_a_sound_lesson_is_said_to_be_sound(sound: Audited) -> None:
    assert sound.run.code == 0, sound.run.text
    assert sound.data["sound"]
    assert sound.data["problems"] == []
    assert "✓ Audit of statistics passed" in sound.run.stdout
    centre = sound.data["exercises"]["centre"]
    assert centre["right"] == centre["mistakes"] == centre["named"] == centre["equivalents"] == {"good": 1, "all": 1}
    assert centre["mutants"]["good"] == centre["mutants"]["all"] > 20


def test_an_unsound_lesson_has_a_status_and_its_problems_on_the_terminal(unsound: Audited) -> None:
    assert unsound.run.code == 1
    assert not unsound.data["sound"]
    assert f"✗ Audit of statistics failed: {len(unsound.data['problems'])} problems." in unsound.run.stdout
    for problem in unsound.data["problems"]:
        assert problem.split("\n")[0] in unsound.run.stdout


def test_a_weak_checks_survivor_is_shown_with_its_diff(unsound: Audited) -> None:
    problem = unsound.problem("the mutant scaled-c53628ff", "earns full points.")
    assert (
        "No call of its checks (test_twice, test_nothing and test_no_use) tells it from the reference: check a gradient "
        "(then=Backward) or requires_grad."
    ) in problem
    entry = problem[problem.index("[scaled-c53628ff]") :]
    assert tomllib.loads(entry) == {"scaled-c53628ff": {"change": "a detached result", "reason": "WHY"}}
    assert "solutions/statistics/equivalent_mutants.toml" in problem
    assert "-    return x * factor\n+    return (x * factor).detach()" in problem


def test_a_check_that_saw_a_difference_and_let_it_pass_is_named(unsound: Audited) -> None:
    assert unsound.implementation("scaled-b8cf8190")["accepted_with"] == [1, 2, 3, 4, 5, 6]
    problem = unsound.problem("[scaled-b8cf8190] is not equivalent")
    assert "what is returned differs in call" in problem


def test_a_mistake_that_passes_is_a_problem(unsound: Audited) -> None:
    unsound.problem("scaled: the mistake always_twice (Always doubled) earns full points: no check fails it.")


def test_a_mistake_whose_verdict_depends_on_the_seed_is_a_problem(unsound: Audited) -> None:
    assert re.search(r"earns full points with seeds? \d", unsound.problem("wobbly: the mistake first_only"))


def test_so_is_a_mutant(unsound: Audited) -> None:
    problem = unsound.problem("the mutant wobbly-", "(max for sum)")
    assert re.search(r"earns full points with seeds? \d.*don't always tell it", problem)


def test_a_mistake_that_costs_points_elsewhere_is_a_problem(unsound: Audited) -> None:
    assert "costs points in scaled, too" in unsound.problem("wobbly: the mistake spoils")


def test_an_exercise_that_is_blocked_by_a_mistake_is_none(unsound: Audited) -> None:
    runs = {run["exercise"]: run["status"] for run in unsound.implementation("centre/not_divided")["runs"]}
    assert runs["spread"] == "blocked"
    assert not [problem for problem in unsound.data["problems"] if "not_divided" in problem]


def test_a_right_answer_that_is_rejected_is_a_problem(unsound: Audited) -> None:
    assert "is listed as right, and earns 0 of 2 points" in unsound.problem("halves: the answer wrong")


def test_mistakes_that_cannot_be_told_apart_are_not_named(unsound: Audited) -> None:
    unsound.problem("the mistake squared (Squared) is not named.")
    unsound.problem("mistakes are named; expected 95% of them.")
    assert unsound.implementation("centre/not_divided")["named"] == "not_divided"


def test_a_check_that_breaks_on_what_it_is_given_is_a_problem(unsound: Audited) -> None:
    problem = unsound.problem("halves: the mutant", "(None returned)")
    assert "can't be judged" in problem
    assert "TypeError" in problem


def test_an_endless_mutant_is_stopped_and_rejected(unsound: Audited) -> None:
    endless = next(each for each in unsound.data["implementations"] if each["title"] == "`n = n // 2` removed")
    assert endless["runs"][0]["status"] == "timed_out"
    assert not [problem for problem in unsound.data["problems"] if endless["id"] in problem]


def test_a_check_that_fails_nothing_is_a_problem(unsound: Audited) -> None:
    unsound.problem("scaled: the check test_no_use fails no wrong implementation; is it needed?")


def test_missing_hints_and_what_learners_must_not_see_are_problems(unsound: Audited) -> None:
    unsound.problem("halves has 1 of 3 hints")
    unsound.problem("exercises/statistics/sums.py", "repeats", "which learners must not see")


def test_a_lesson_whose_visible_checks_show_little_is_sound_and_is_told_what_they_let_pass(sound: Audited) -> None:
    told = [remark for remark in sound.data["remarks"] if "visible checks" in remark]
    assert len(told) == 1
    assert told[0].startswith(
        "centre: 1 of 1 mistakes passes all visible checks, so whoever makes it reads that all is"
    )
    assert "by_columns" in told[0]
    assert sound.data["exercises"]["centre"]["at_home"] == {"good": 0, "all": 1}
    assert sound.implementation("centre/by_columns")["at_home"] == {"passed": True, "check": None}


def test_a_mistake_that_a_visible_check_shows_is_not_among_those(unsound: Audited) -> None:
    told = " ".join(remark for remark in unsound.data["remarks"] if "visible checks" in remark)
    assert "always_twice" not in told
    assert "spread: 2 of 2 mistakes pass all visible checks" in told
    assert "squared and times_itself" in told
    assert unsound.implementation("scaled/always_twice")["at_home"]["check"] == "test_three_times"
    assert unsound.data["exercises"]["scaled"]["at_home"] == {"good": 1, "all": 1}


def test_a_right_answer_that_a_visible_check_rejects_is_a_problem(unsound: Audited) -> None:
    unsound.problem("the reference solution is right, and fails the visible check test_of_two.")


def test_an_equivalent_is_shown_on_a_thousand_calls(unsound: Audited) -> None:
    shown = {each["id"]: each for each in unsound.data["equivalents"]}
    assert (shown["spread-ebe2b8ff"]["calls"], shown["spread-ebe2b8ff"]["differs"]) == (1000, None)
    assert shown["scaled-b8cf8190"]["differs"] == "value"
    assert shown["scaled-b8cf8190"]["calls"] < 1000


def test_an_equivalent_that_is_rejected_or_no_mutant_any_more_is_a_problem(unsound: Audited) -> None:
    assert "is listed as equivalent, and is rejected: test_twice with seed 1" in unsound.problem(
        "mutant scaled-ff90a644"
    )
    assert "is no mutant of the lesson any more" in unsound.problem("[scaled-00000000]")


def test_an_exercise_that_is_not_there_is_told_with_the_nearest(kit: Callable[..., Any]) -> None:
    run = kit("audit", "--only", "msee")
    assert run.code == 2
    assert 'Did you mean "mse"?' in run.stderr


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
    assert set(re.findall(r'"(\w+)"', runs)) == set(sound.implementation("centre/right/by_columns")["runs"][0])


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
