"""Sealed words open to the one mistake that they were sealed for, on any machine, and tell nobody else anything."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.marks import CheckInfo
from grader.checks.observed import CallRecord, Feature, features
from grader.checks.scoring import CheckOutcome
from grader.core.assignment import SEALED
from grader.core.records import CheckStatus, Finding, Misconception
from grader.sandbox.protocol.messages import Call, Reply
from grader.selfcheck.known_mistakes import Known, KnownMistakes, from_json, opened, said, seal, sealed_json

SUM = Known(Misconception("sum_for_mean", "That is the sum: divide it.", "the lesson"))
WRITTEN = Known(
    Misconception("sum_for_mean_2", "That is the sum: divide it.", "the lesson"),
    "def is_written(function):\n    return function.name == 'total'",
)
NUMBERS = st.lists(st.floats(allow_subnormal=False, width=32), min_size=1, max_size=12)


def shown(*numbers: float, text: str = "value") -> list[Feature]:
    return [Feature("check 0"), Feature(text, np.array(numbers, dtype=np.float64))]


@given(NUMBERS, st.floats(-1e-4, 1e-4), st.randoms(use_true_random=False))
def test_numbers_that_differ_by_rounding_open_the_words(numbers: list[float], most: float, chance: object) -> None:
    sealed = seal(shown(*numbers), SUM)
    finite = [abs(number) for number in numbers if np.isfinite(number)]
    largest = max(finite, default=0.0)
    moved = [n + chance.uniform(-1, 1) * most * largest if np.isfinite(n) else n for n in numbers]  # type: ignore[attr-defined]
    assert opened(sealed, shown(*moved)) == SUM


@pytest.mark.parametrize(
    "other",
    [
        shown(3.0, 4.01),
        shown(3.0, -4.0),
        shown(3.0),
        shown(3.0, 4.0, 5.0),
        shown(3.0, float("nan")),
        shown(6.0, 8.0),
        shown(3.0, 4.0, text="value float64"),
        shown(3.0, 4.0)[1:],
        [],
    ],
)
def test_anything_else_opens_nothing(other: list[Feature]) -> None:
    assert opened(seal(shown(3.0, 4.0), SUM), shown(3.0, 4.0)) == SUM
    assert opened(seal(shown(3.0, 4.0), SUM), other) is None


def test_neither_words_nor_numbers_can_be_read_in_what_is_written_down() -> None:
    written = json.dumps(sealed_json(seal(shown(7601.41, 83.249), SUM)))
    assert not any(text in written for text in ("sum", "divide", "lesson", "7601", "83.2"))
    assert opened(from_json(json.loads(written)), shown(7601.41, 83.249)) == SUM


def test_a_predicate_is_sealed_with_the_words() -> None:
    written = json.dumps(sealed_json(seal(shown(1.0, 2.0), WRITTEN)))
    found = opened(from_json(json.loads(written)), shown(1.0, 2.0))
    assert found == WRITTEN
    assert found.is_written
    assert found.is_written(ast.parse("def total(): ...").body[0])
    assert not found.is_written(ast.parse("def other(): ...").body[0])
    assert SUM.is_written is None


def test_two_that_show_the_same_both_open_and_hide_each_other() -> None:
    other = Known(Misconception("sam_for_mean", "That is the sum: divide it.", "the lesson"))
    one, two = seal(shown(1.0, 2.0), SUM), seal(shown(1.0, 2.0), other)
    assert (opened(one, shown(1.0, 2.0)), opened(two, shown(1.0, 2.0))) == (SUM, other)
    assert (one.powers, one.digits) == (two.powers, two.digits)
    # Both begin alike. Locked in the same way, they would still do so.
    assert one.tag != two.tag
    assert one.words[:4] != two.words[:4]


def test_words_that_were_changed_open_no_more() -> None:
    sealed = seal(shown(1.0, 2.0), SUM)
    changed = replace(sealed, words=bytes([sealed.words[0] ^ 1, *sealed.words[1:]]))
    assert opened(changed, shown(1.0, 2.0)) is None


def test_the_same_is_written_every_time() -> None:
    assert sealed_json(seal(shown(1.0, 2.0), SUM)) == sealed_json(seal(shown(1.0, 2.0), SUM))


@pytest.mark.parametrize("damaged", [[], [1, 2], ["x", "1", "a", "b"], [[0], "1", 5, None], None])
def test_damaged_ones_are_refused_with_what_python_says_of_bad_values(damaged: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_json(damaged)


def failed(name: str, summary: str, *labels: str, status: CheckStatus = CheckStatus.FAILED) -> CheckOutcome:
    finding = Finding(summary, tuple((label, "1") for label in labels))
    return CheckOutcome(name, CheckInfo("mse", 1.0, 0.0, ""), status, finding)


def test_of_what_shows_the_same_the_words_open_to_what_the_checks_say_of_it() -> None:
    """A file that is empty, and one that can't be read, where all calls show what is right."""
    passed = CheckOutcome("other", CheckInfo("mse", 1.0, 0.0, ""), CheckStatus.PASSED)
    empty, unread, more = (
        failed("values", words, "called", "where")
        for words in ("Nothing was written to the file.", "The file can't be read.", "The file has 12.5 bytes.")
    )
    sealed = seal([*shown(1.0), *said([empty, passed])], SUM)
    assert opened(sealed, [*shown(1.0), *said([passed, empty])]) == SUM
    for others in ([], [passed], [unread], [empty, unread], [replace(empty, id="other")]):
        assert opened(sealed, [*shown(1.0), *said(others)]) is None
    of_number = seal([*shown(1.0), *said([more])], SUM)
    assert opened(of_number, [*shown(1.0), *said([failed("values", "The file has 9 bytes.", "called")])]) == SUM


@pytest.mark.parametrize("label", ["expected", "raised"])
def test_nothing_is_said_where_a_call_shows_what_is_wrong(label: str) -> None:
    own = failed("values", "Nothing was written to the file.", "called")
    assert said([own])
    assert said([own, failed("size", "The size should be 1, but it is 2.", "called", label)]) == []
    assert said([own, failed("size", "It took too long.", status=CheckStatus.TIMED_OUT)]) == []


EMPTY = Known(Misconception("empty_file", "The file is left empty.", "the lesson"))


@pytest.mark.parametrize(
    ("name", "says_empty", "named"),
    [("other", False, SUM), ("other", True, EMPTY), ("total", False, WRITTEN), ("total", True, WRITTEN)],
)
def test_of_three_with_the_same_calls_the_definition_names_one_then_what_the_checks_say_then_the_calls_alone(
    tmp_path: Path, name: str, says_empty: bool, named: Known
) -> None:
    reply, empty = Reply(3.0, (None,)), failed("values", "Nothing was written to the file.", "called")
    calls = [Feature("values 0"), *features(reply, "", {"value"})]
    sealed = [seal(calls, SUM), seal(calls, WRITTEN), seal([*calls, *said([empty])], EMPTY)]
    known = {"looked": [["values", 0, ["value"]]], "sealed": [sealed_json(each) for each in sealed]}
    (tmp_path / SEALED).write_text(json.dumps({"exercises": {"mse": known}}))
    asked = CallRecord("values", 0, Call("m", "mse", (1.0,)), reply)
    node = ast.parse(f"def {name}(): ...").body[0]
    outcomes = [empty] if says_empty else []
    assert KnownMistakes(tmp_path).made_in("mse", [asked], node, outcomes) == named.told
