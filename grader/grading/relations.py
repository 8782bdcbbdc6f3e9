"""How numbers that are wrong relate to the right ones, in words: small pure functions, the same for every lesson.

Each is given all pairs of what came and what is right, and says something only where it holds for every one of them.
Numbers count as equal when they differ by 1e-4 of the largest at most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_NEAR = 1e-4
_FEW = 1e-3  # of a number: what is left of few digits
_APART = 0.02  # of what tells the right numbers apart
_ENOUGH = 3  # numbers that are wrong: fewer may be related in many ways by chance
UNMOVED = "doesn't change"
AFTER_THAT = "goes wrong after that"
DIGITS_ONLY = "digits only"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Pair:
    """What one call gave and what is right, of any shape. `before` is what an argument held before the call, when it is
    an argument that is looked at. `sizes` are whole numbers at hand, by words for them ("the number of rows of `x`");
    `given` are the numbers that the function was given, by name."""

    got: Numbers
    right: Numbers
    before: Numbers | None = None
    sizes: Mapping[str, float] = field(default_factory=dict)
    given: Mapping[str, Numbers] = field(default_factory=dict)
    is_list: bool = False


def relation(pairs: Sequence[Pair]) -> str:
    """What is wrong with the numbers, as the end of a sentence ("has the wrong sign"); empty when nothing is wrong, or
    it is of no known kind."""
    finite = [pair for pair in pairs if np.isfinite(pair.got).all()]  # a division by zero tells nothing of the others
    unfit = _OF_ROUNDING if len(finite) < len(pairs) else frozenset[Rule]()
    pairs = finite
    if not pairs or any(not np.isfinite(pair.right).all() for pair in pairs):
        return ""
    wrong = [pair for pair in pairs if not near(pair.got, pair.right)]
    if sum(max(pair.right.size, pair.got.size) for pair in wrong) < _ENOUGH:
        return ""
    of_lists = _LISTS if all(pair.is_list for pair in pairs) else ()
    same_shape = _SAME_SHAPE if all(pair.got.shape == pair.right.shape for pair in pairs) else ()
    moved = _MOVED if same_shape and all(pair.before is not None for pair in pairs) else ()
    of_matrices = _MATRICES if all(pair.got.ndim == pair.right.ndim == 2 for pair in pairs) else ()
    parts: tuple[Rule, ...] = (_parts,) if of_matrices else ()
    with np.errstate(all="ignore"):  # squares of large numbers
        for rule in (*of_matrices, *moved, *same_shape, *parts, *of_lists):
            if rule not in unfit and (words := rule(wrong if rule in _WRONG_ONLY else pairs)):
                return words
    return ""


def near(one: Numbers, other: Numbers) -> bool:
    """Whether two arrays hold the same numbers, but for rounding."""
    if one.shape != other.shape:
        return False
    largest = max(np.abs(one).max(initial=0.0), np.abs(other).max(initial=0.0))
    return bool((np.abs(one - other) <= _NEAR * largest).all())


Rule = Callable[[Sequence[Pair]], str]


def _is(words: str, change: Callable[[Numbers], Numbers]) -> Rule:
    """What comes is the right thing, changed like this."""

    def rule(pairs: Sequence[Pair]) -> str:
        return words if all(near(pair.got, change(pair.right)) for pair in pairs) else ""

    return rule


def _rounded(pairs: Sequence[Pair]) -> str:
    for digits in range(5):
        unit = 10.0**-digits
        if all(
            np.abs(pair.got - np.round(pair.got, digits)).max(initial=0.0) <= 1e-3 * unit
            and np.abs(pair.got - pair.right).max(initial=0.0) <= 0.501 * unit
            and pair.got.any()
            for pair in pairs
        ):
            return f"is rounded to {digits} decimals" if digits else "is rounded to whole numbers"
    return ""


def _ratio(one: Numbers, other: Numbers) -> float | None:
    """The number that `other` has to be multiplied by to be `one`; None when there is none."""
    total = float((other * other).sum())
    if not total:
        return None
    ratio = float((one * other).sum()) / total
    return ratio if ratio and near(one, ratio * other) else None


def _times(pairs: Sequence[Pair], of: Callable[[Pair], tuple[Numbers, Numbers]]) -> str:
    """By what the one is larger than the other: a number that is at hand, or else the same for all."""
    ratios = [_ratio(*of(pair)) for pair in pairs]
    if any(ratio is None for ratio in ratios):
        return ""
    found = np.array(ratios, dtype=np.float64)
    if len(pairs) > 1 and not np.allclose(found, found[0], rtol=_NEAR):
        for words in pairs[0].sizes:
            if all(words in pair.sizes for pair in pairs):
                size = np.array([pair.sizes[words] for pair in pairs])
                if np.allclose(found, size, rtol=_NEAR):
                    return f"times {words}"
                if size.all() and np.allclose(found, 1 / size, rtol=_NEAR):
                    return f"divided by {words}"
                if (size > 1).all() and np.allclose(found, size / (size - 1), rtol=_NEAR):
                    return f"times n / (n - 1), where n is {words}"
        return ""
    if np.abs(found - 1).max() < 1e-3:  # which is nearly right, and no factor
        return ""
    return f"times {_number(found[0])}" if np.allclose(found, found[0], rtol=_NEAR) else ""


def _number(value: float) -> str:
    return f"{value:.4g}"


def _factor(pairs: Sequence[Pair]) -> str:
    words = _times(pairs, lambda pair: (pair.got, pair.right))
    return f"is what it should be, {words}" if words else ""


def _root_of_a_sum(pairs: Sequence[Pair]) -> str:
    """The root of what it should be and a size."""
    positive = all((pair.got >= 0).all() and (pair.right >= 0).all() for pair in pairs)
    words = _times(pairs, lambda pair: (np.square(pair.got), pair.right)) if positive else ""
    return f"is the square root of what it should be {words}" if "`" in words else ""


def _few_digits(pairs: Sequence[Pair]) -> str:
    """Where each number is off by little, beside itself and beside what tells the right numbers apart: two losses of
    a list may be so near that one in place of the other is wrong, and not rounded."""
    for pair in pairs:
        if pair.before is not None and np.abs(pair.right - pair.before).max() < 0.05 * np.abs(pair.right).max():
            return ""  # the step is so small that it may be what is wrong
    of_all = float(np.ptp(np.concatenate([pair.right.reshape(-1) for pair in pairs])))
    most = 0.0
    for pair in pairs:
        off, size = np.abs(pair.got - pair.right), np.abs(pair.right)
        apart = float(np.ptp(pair.right)) if pair.right.size > 1 else of_all
        if (off > _FEW * size).any() or (off > _APART * apart).any():
            return ""
        most = max(most, float((off[size > 0] / size[size > 0]).max(initial=0.0)))
    return f"is right to about {'three' if most > 1e-4 else 'four'} {DIGITS_ONLY}"


def to_few_digits(pair: Pair) -> bool:
    """Whether all that is off is small beside the largest of the right numbers, as rounding leaves it."""
    if pair.got.shape != pair.right.shape or not np.isfinite(pair.got).all() or not np.isfinite(pair.right).all():
        return False
    return bool((np.abs(pair.got - pair.right) <= 2 * _FEW * np.abs(pair.right).max(initial=0.0)).all())


def _offset(pairs: Sequence[Pair]) -> str:
    for name in pairs[0].given:
        for word, sign in (("large", 1.0), ("small", -1.0)):
            if all(name in pair.given and _is_off_by(pair, sign * pair.given[name]) for pair in pairs):
                return f"is too {word} by `{name}`"
    offsets = np.concatenate([(pair.got - pair.right).reshape(-1) for pair in pairs])
    by = float(offsets.mean()) if offsets.size else 0.0
    if by and all(near(pair.got, pair.right + by) for pair in pairs) and np.abs(offsets - by).max() <= 1e-2 * abs(by):
        return f"is too {'large' if by > 0 else 'small'} by {_number(abs(by))}, whatever it should be"
    return ""


def _is_off_by(pair: Pair, number: Numbers) -> bool:
    try:
        moved = pair.right + number
    except ValueError:
        return False
    is_more = number.size > 1 or pair.got.size > 1
    return is_more and near(pair.got, moved) and bool(np.abs(number).max(initial=0.0) > 0)


def _unmoved(pairs: Sequence[Pair]) -> str:
    is_same = all(pair.before is not None and np.array_equal(pair.got, pair.before) for pair in pairs)
    return UNMOVED if is_same else ""  # where the step is small, nearly the same is no proof


def _step_alone(pairs: Sequence[Pair]) -> str:
    is_step = all(pair.before is not None and near(pair.got, pair.right - pair.before) for pair in pairs)
    return "holds the step alone, without what it was before" if is_step else ""


def _moved(pairs: Sequence[Pair]) -> str:
    def steps(pair: Pair) -> tuple[Numbers, Numbers]:
        assert pair.before is not None
        return pair.got - pair.before, pair.right - pair.before

    words = _times(pairs, steps)
    if words == "times -1":
        return "moves the wrong way"
    return f"moves as far as it should, {words}" if words else ""


def _parts(pairs: Sequence[Pair]) -> str:
    """Which columns or rows alone are right, or alone are wrong."""
    for axis, noun in ((1, "column"), (0, "row")):
        count = {pair.right.shape[axis] for pair in pairs if pair.got.shape == pair.right.shape}
        if len(count) != 1 or any(pair.got.shape != pair.right.shape for pair in pairs):
            continue
        (number,) = count
        right = [all(near(p.got.take([i], axis), p.right.take([i], axis)) for p in pairs) for i in range(number)]
        for value, verb in ((True, "right"), (False, "wrong")):
            if number > 1 and right.count(value) == 1 and right.index(value) < len(ORDINALS):
                return f"is {verb} in its {ORDINALS[right.index(value)]} {noun} only"
    return ""


def _in_another_order(pairs: Sequence[Pair]) -> str:
    is_same = all(
        pair.got.size > 1 and near(np.sort(pair.got, axis=None), np.sort(pair.right, axis=None)) for pair in pairs
    )
    return "holds the right numbers in another order" if is_same else ""


def _same_throughout(pairs: Sequence[Pair]) -> str:
    """One number in place of many."""
    is_flat = all(pair.got.size > 1 and _is_flat(pair.got) for pair in pairs)
    return "holds the same number everywhere" if is_flat and not all(_is_flat(pair.right) for pair in pairs) else ""


def _is_flat(numbers: Numbers) -> bool:
    return near(numbers, np.full_like(numbers, numbers.flat[0])) if numbers.size else True


def _too_short(pairs: Sequence[Pair]) -> str:
    sizes = [(len(pair.got), len(pair.right)) for pair in pairs]
    if any(got > right for got, right in sizes) or not all(near(p.got, p.right[: len(p.got)]) for p in pairs):
        return ""
    lengths = {got for got, _ in sizes}
    missing = {right - got for got, right in sizes}
    if len(missing) == 1 and missing != {0}:
        (count,) = missing
        return f"lacks the last {count} of its entries" if count > 1 else "lacks the last of its entries"
    longest = max(lengths)
    if all(got == min(longest, right) for got, right in sizes):
        return {0: "is empty", 1: "ends after its first entry"}.get(longest, f"ends after {longest} entries")
    return ""


def _too_long(pairs: Sequence[Pair]) -> str:
    more = {len(pair.got) - len(pair.right) for pair in pairs}
    if len(more) != 1 or min(more) <= 0:
        return ""
    (count,) = more
    entries = f"{count} entries" if count > 1 else "one entry"
    if all(near(pair.got[: len(pair.right)], pair.right) for pair in pairs):
        return f"has {entries} too many at its end"
    if all(near(pair.got[count:], pair.right) for pair in pairs):
        return f"has {entries} too many at its beginning"
    return ""


def _every(pairs: Sequence[Pair]) -> str:
    for step in range(2, 11):
        for start in {0, step - 1}:
            if all(near(pair.got, pair.right[start::step]) for pair in pairs):
                which = ORDINALS[step - 1] if step <= len(ORDINALS) else f"{step}th"
                return f"holds only every {which} of its entries"
    return ""


def _shifted(pairs: Sequence[Pair]) -> str:
    long = [pair for pair in pairs if len(pair.right) > 2]
    if not long or any(pair.got.shape != pair.right.shape for pair in long):
        return ""
    for words, one, other in (("late", slice(1, None), slice(None, -1)), ("early", slice(None, -1), slice(1, None))):
        if all(near(pair.got[one], pair.right[other]) for pair in long):
            return f"comes one entry too {words}"
    return ""


def _right_at_first(pairs: Sequence[Pair]) -> str:
    """Until where it is right."""
    firsts = []
    for pair in pairs:
        count = min(len(pair.got), len(pair.right))
        largest = np.abs(pair.right).max(initial=0.0)
        off = np.flatnonzero(np.abs(pair.got[:count] - pair.right[:count]) > _NEAR * largest)
        if off.size:
            firsts.append(int(off[0]))
    if not firsts or not min(firsts):
        return ""
    first = min(firsts)
    upto = "in its first entry" if first == 1 else f"in its first {first} entries"
    return f"is right {upto}, and {AFTER_THAT}"


_MATRICES: tuple[Rule, ...] = (
    _is("has rows and columns exchanged", np.transpose),
    _is("has its rows in reverse order", lambda right: right[::-1]),
    _is("has its columns in reverse order", lambda right: right[:, ::-1]),
)
_MOVED: tuple[Rule, ...] = (_unmoved, _step_alone, _moved)
_SAME_SHAPE: tuple[Rule, ...] = (
    _is("has the wrong sign", np.negative),
    _is("has lost its signs: what should be negative is positive", np.abs),
    _is("has 0 in place of every negative number", lambda right: np.maximum(right, 0.0)),
    _factor,
    _offset,
    _rounded,
    _is("is the square of what it should be", np.square),
    _is("is the square root of what it should be", lambda right: np.sqrt(np.abs(right))),
    _root_of_a_sum,
    _is("is 0 throughout", np.zeros_like),
    _few_digits,
)
_LISTS: tuple[Rule, ...] = (
    _is("is in reverse order", lambda right: right[::-1]),
    _too_short,
    _too_long,
    _every,
    _shifted,
    _is("holds sums of all entries so far", np.cumsum),
    _is("holds means of all entries so far", lambda right: np.cumsum(right) / np.arange(1, len(right) + 1)),
    _is("holds the smallest of all entries so far", np.minimum.accumulate),
    _same_throughout,
    _right_at_first,
    _in_another_order,
)
# Where some calls come right, a relation of these kinds holds in the others, and that is all it says.
_WRONG_ONLY: frozenset[Rule] = frozenset({_right_at_first, _parts})
# What is infinite or no number at all was not rounded.
_OF_ROUNDING: frozenset[Rule] = frozenset({_rounded, _few_digits})
