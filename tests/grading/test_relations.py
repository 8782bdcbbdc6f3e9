"""How wrong numbers relate to right ones is told in words, and only where it holds in every call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.grading.relations import Numbers, Pair, relation

Change = Callable[[Numbers], Any]


def drawn(seed: int, shapes: Sequence[tuple[int, ...]]) -> list[Numbers]:
    random = np.random.default_rng(seed)
    return [random.uniform(-3, 3, shape) for shape in shapes]


def pairs(change: Change, seed: int, shapes: Sequence[tuple[int, ...]], **more: Any) -> list[Pair]:
    return [Pair(np.asarray(change(right), dtype=np.float64), right, **more) for right in drawn(seed, shapes)]


MATRICES = [(4, 3), (2, 5), (3, 3)]
LISTS = [(6,), (4,), (9,)]
OF_MATRICES: dict[str, Change] = {
    "has rows and columns exchanged": np.transpose,
    "has its rows in reverse order": lambda right: right[::-1],
    "has its columns in reverse order": lambda right: right[:, ::-1],
    "has the wrong sign": np.negative,
    "has lost its signs: what should be negative is positive": np.abs,
    "has 0 in place of every negative number": lambda right: np.maximum(right, 0),
    "is what it should be, times 1.5": lambda right: right * 1.5,
    "is too large by 0.25, whatever it should be": lambda right: right + 0.25,
    "is too small by 2, whatever it should be": lambda right: right - 2,
    "is rounded to 1 decimals": lambda right: right.round(1),
    "is rounded to 2 decimals": lambda right: right.round(2),
    "is the square of what it should be": np.square,
    "is 0 throughout": lambda right: right * 0,
}
OF_LISTS: dict[str, Change] = {
    "holds the same number everywhere": lambda right: np.full_like(right, right.mean()),
    "is in reverse order": lambda right: right[::-1],
    "lacks the last of its entries": lambda right: right[:-1],
    "lacks the last 2 of its entries": lambda right: right[:-2],
    "ends after 3 entries": lambda right: right[:3],
    "ends after its first entry": lambda right: right[:1],
    "has one entry too many at its beginning": lambda right: np.concatenate([[7.0], right]),
    "has one entry too many at its end": lambda right: np.concatenate([right, [7.0]]),
    "holds only every second of its entries": lambda right: right[1::2],
    "comes one entry too late": lambda right: np.concatenate([[7.0], right[:-1]]),
    "comes one entry too early": lambda right: np.concatenate([right[1:], [7.0]]),
    "holds sums of all entries so far": np.cumsum,
    "holds means of all entries so far": lambda right: np.cumsum(right) / np.arange(1, len(right) + 1),
    "holds the smallest of all entries so far": np.minimum.accumulate,
    "is right in its first 2 entries, and goes wrong after that": lambda right: np.concatenate(
        [right[:2], right[2:] ** 3 + 9]
    ),
    "holds the right numbers in another order": lambda right: np.roll(right, 2)[[1, 0, *range(2, len(right))]],
}


@pytest.mark.parametrize("words", OF_MATRICES)
@given(seed=st.integers(0, 1000))
def test_what_is_wrong_with_matrices_is_told(words: str, seed: int) -> None:
    assert relation(pairs(OF_MATRICES[words], seed, MATRICES)) == words


@pytest.mark.parametrize("words", OF_LISTS)
@given(seed=st.integers(0, 1000))
def test_what_is_wrong_with_lists_is_told(words: str, seed: int) -> None:
    assert relation(pairs(OF_LISTS[words], seed, LISTS, is_list=True)) == words


@pytest.mark.parametrize("words", [*OF_MATRICES, *OF_LISTS])
@given(seed=st.integers(0, 1000))
def test_what_holds_in_one_call_alone_is_not_told(words: str, seed: int) -> None:
    is_list = words in OF_LISTS
    change, shapes = ({**OF_MATRICES, **OF_LISTS}[words], LISTS if is_list else MATRICES)
    mixed = pairs(change, seed, shapes[:1], is_list=is_list)
    others = pairs(lambda right: np.sin(right * 11) * 5 + 31, seed + 1, shapes[1:], is_list=is_list)
    assert relation([*mixed, *others]) != words


@given(seed=st.integers(0, 1000))
def test_what_is_right_or_of_no_known_kind_says_nothing(seed: int) -> None:
    assert relation(pairs(lambda right: right + 1e-7, seed, MATRICES)) == ""
    assert relation(pairs(lambda right: np.sin(right * 11) * 5 + right**3, seed, MATRICES)) == ""
    assert relation(pairs(lambda right: right * np.nan, seed, MATRICES)) == ""


@given(seed=st.integers(0, 1000))
def test_one_number_alone_says_nothing(seed: int) -> None:
    assert relation(pairs(lambda right: right * 2, seed, [()])) == ""


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (lambda n: n, "is what it should be, times the number of rows of `x`"),
        (lambda n: 1 / n, "is what it should be, divided by the number of rows of `x`"),
        (lambda n: n / (n - 1), "is what it should be, times n / (n - 1), where n is the number of rows of `x`"),
    ],
)
def test_a_factor_that_is_a_size_at_hand_is_told_as_such(factor: Callable[[int], float], words: str) -> None:
    found = [
        Pair(np.array(3.7 * n * factor(n)), np.array(3.7 * n), sizes={"the number of rows of `x`": n, "`other`": 3})
        for n in (4, 2, 7)
    ]
    assert relation(found) == words


@pytest.mark.parametrize(("sign", "word"), [(1, "large"), (-1, "small")])
@given(seed=st.integers(0, 1000))
def test_what_was_added_once_too_often_or_not_at_all_is_named(sign: int, word: str, seed: int) -> None:
    rights, given_ = drawn(seed, [(4, 3), (2, 3)]), drawn(seed + 1, [(3,), (3,)])
    found = [Pair(right + sign * b, right, given={"b": b}) for right, b in zip(rights, given_, strict=True)]
    assert relation(found) == f"is too {word} by `b`"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (0.0, "doesn't change"),
        (-1.0, "moves the wrong way"),
        (2.0, "moves as far as it should, times 2"),
    ],
)
@given(seed=st.integers(0, 1000))
def test_an_argument_that_is_changed_is_told_by_how_far_it_moves(step: float, words: str, seed: int) -> None:
    befores, steps = drawn(seed, MATRICES), drawn(seed + 1, MATRICES)
    found = [Pair(before + step * by, before + by, before=before) for before, by in zip(befores, steps, strict=True)]
    assert relation(found) == words


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (np.s_[:, 1], "is wrong in its second column only"),
        (np.s_[:, 1:], "is right in its first column only"),
        (np.s_[0], "is wrong in its first row only"),
    ],
)
@given(seed=st.integers(0, 1000))
def test_a_part_that_alone_is_right_or_wrong_is_told(spoil: Any, words: str, seed: int) -> None:
    found = []
    for right in drawn(seed, [(3, 3), (3, 3)]):
        got = right.copy()
        got[spoil] = np.sin(right[spoil] * 11) * 5 + 31
        found.append(Pair(got, right))
    assert relation(found) == words


@given(seed=st.integers(0, 1000))
def test_the_root_of_a_sum_in_place_of_a_mean_is_named(seed: int) -> None:
    shapes = [(4, 3), (2, 5), (6, 1)]
    found = [
        Pair(np.sqrt((x**2).sum()), (x**2).mean(), sizes={"the number of elements of `x`": x.size})
        for x in drawn(seed, shapes)
    ]
    words = "is the square root of what it should be times the number of elements of `x`"
    assert relation(found) == words
    assert relation([replace(pair, got=pair.got * (1 + pair.right)) for pair in found]) != words


@given(seed=st.integers(0, 1000))
def test_what_went_through_half_precision_is_right_to_few_digits(seed: int) -> None:
    rights = drawn(seed, [(4, 3), (5, 5)])
    found = [Pair(right.astype(np.float16).astype(np.float64), right) for right in rights]
    assert relation(found) in ("is right to about three digits only", "is right to about four digits only")
    assert "digits" not in relation([Pair(right * 1.002 + 0.001, right) for right in rights])


@given(seed=st.integers(0, 1000), size=st.integers(2, 6))
def test_digits_are_not_told_where_one_call_is_off_by_more(seed: int, size: int) -> None:
    """By how much, and where: nothing of it is finite, or some are right, and 0, and the others far off."""
    rights = drawn(seed, [(4, 3), (5, size)])
    rights[1][0, 0] = 0.0
    rounded = [Pair(right.astype(np.float16).astype(np.float64), right) for right in rights]
    assume("digits" in relation(rounded))  # and not where two right numbers are as near to each other
    off = rights[1] * 1.01 + (rights[1] != 0) * 0.5
    for got in (np.full_like(off, np.nan), np.where(off > 0, np.inf, off), off):
        for pairs in ([rounded[0], Pair(got, rights[1])], [Pair(got, rights[1]), rounded[0]]):
            assert "digits" not in relation(pairs)
            assert "rounded" not in relation(pairs)


@given(seed=st.integers(0, 1000), large=st.integers(100, 10_000))
def test_digits_are_not_told_where_the_right_numbers_are_as_near_to_each_other(seed: int, large: int) -> None:
    """As one loss of a list is to the next."""
    rights = [large + right / 10 for right in drawn(seed, [(6,), (4,)])]
    assert "digits" not in relation([Pair(large + (right - large) ** 3, right) for right in rights])
    assert "digits" not in relation([Pair(np.full(3, 1.0 * large), np.full(3, large * 1.0005))])


@given(seed=st.integers(0, 1000))
def test_nothing_is_nearly_once_itself(seed: int) -> None:
    """A factor is told that is none: rounding leaves 1 of it."""
    rights = drawn(seed, [(4, 3), (2, 3)])
    for factor in (1.0005, 0.9996):
        assert "times" not in relation([Pair(right * factor, right) for right in rights])
        moved = [Pair(right * factor, right, before=np.zeros_like(right)) for right in rights]
        assert "times" not in relation(moved)


@given(seed=st.integers(0, 1000))
def test_a_parameter_that_becomes_its_step_is_named(seed: int) -> None:
    befores, steps = drawn(seed, [(4, 3), (2, 3)]), drawn(seed + 1, [(4, 3), (2, 3)])
    found = [Pair(by, before + by, before=before) for before, by in zip(befores, steps, strict=True)]
    assert relation(found) == "holds the step alone, without what it was before"
