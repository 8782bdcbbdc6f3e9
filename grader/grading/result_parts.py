"""The part of a result that is wrong in every call, where no edit and no relation of numbers tells more: a value of a
tuple, what a loop gives, printed lines, a parameter that takes no gradients any more, or one that isn't used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.checks.compare import kind, shape
from grader.checks.observed import NUMBER, printed_lines
from grader.grading.behaviour import Compared, Noticed
from grader.grading.relations import ORDINALS, Pair, near, relation
from grader.sandbox.protocol.plain import Array

_LINES = "lines:"
_MOST_LINES = 200


def wrong_part(
    function: str, compared: Sequence[Compared], names: Sequence[str], unused: Sequence[str] = ()
) -> Noticed | None:
    """The part, in words; None when it is none of a known kind. `names` are those of the function's parameters in the
    exercise; `unused` those of the learner's that are never read, where the exercise needs them."""
    if len(unused) == 1:
        return Noticed(f"{function} never uses `{unused[0]}`, which it is given.", "result")
    if not any(each.is_wrong for each in compared):
        return None
    if words := _of_a_tuple(compared) or _in_a_loop(compared):
        return Noticed(f"{function} {words}", "result")
    if words := _no_parameter(compared, names):
        return Noticed(f"{function} {words}")
    if words := _printed(compared):
        return Noticed(f"{function} {words}", "print")
    return None


def _of_a_tuple(compared: Sequence[Compared]) -> str:
    """A value of the tuple that is returned is of another kind, or has another shape, in each call."""
    pairs = [(each.got.value, each.right.value) for each in compared if "value" in each.looked]
    if not pairs or not all(isinstance(one, tuple) and isinstance(other, tuple) for one, other in pairs):
        return ""
    if any(len(one) != len(pairs[0][1]) or len(other) != len(pairs[0][1]) for one, other in pairs):
        return ""
    for index, ordinal in zip(range(len(pairs[0][1])), ORDINALS, strict=False):
        if words := _in_place_of([(one[index], other[index]) for one, other in pairs]):
            return f"returns {words} as the {ordinal} value."
    return ""


def _in_a_loop(compared: Sequence[Compared]) -> str:
    """What a loop over the result gives is of another kind each time."""
    pairs: list[tuple[Any, Any]] = []
    if any(kind(each.got.value) != kind(each.right.value) for each in compared):
        return ""  # which is what is wrong
    for each in compared:
        if "items" in each.looked:
            for got, right in zip(each.got.items, each.right.items, strict=False):
                pairs += zip(got, right, strict=False)
    pairs = [pair for pair in pairs if not all(isinstance(one, list | tuple) for one in pair)]
    words = _in_place_of(pairs)
    return f"returns something that gives, in a loop, {words}." if words else ""


def _in_place_of(pairs: Sequence[tuple[Any, Any]]) -> str:
    for of in (kind, _shape, _type):
        if pairs and all(of(one) != of(other) for one, other in pairs):
            return f"{of(pairs[0][0])} in place of {of(pairs[0][1])}"
    return ""


def _shape(value: Any) -> str:
    return f"{kind(value)} of shape {shape(value.shape)}" if isinstance(value, Array) else ""


def _type(value: Any) -> str:
    return f"{kind(value)} of {value.dtype} numbers" if isinstance(value, Array) else ""


def _no_parameter(compared: Sequence[Compared], names: Sequence[str]) -> str:
    """A tensor took gradients, and doesn't any more."""
    for index, name in enumerate(names):
        after = [
            (each.got.after[index], each.right.after[index])
            for each in compared
            if f"leaf:{index}" in each.looked and index < min(len(each.got.after), len(each.right.after))
        ]
        if after and all(
            isinstance(one, Array) and isinstance(other, Array) and other.requires_grad and not one.requires_grad
            for one, other in after
        ):
            return f"leaves `{name}` as a tensor that no longer requires gradients."
    return ""


def _printed(compared: Sequence[Compared]) -> str:
    """What is wrong with printed lines that begin in one way, when nothing else is wrong."""
    pairs: list[tuple[list[str], list[str]]] = []
    start = ""
    for each in compared:
        if not each.is_right(each.got, each.printed[1]):
            return ""
        for aspect in each.looked:
            if aspect.startswith(_LINES):
                start = aspect.removeprefix(_LINES)
                got, right = (printed_lines(text, start) for text in each.printed)
                if max(len(got), len(right)) > _MOST_LINES:
                    return ""
                pairs.append((got, right))
    wrong = [(got, right) for got, right in pairs if not _same_lines(got, right)]
    if not wrong:
        return ""
    if all(not got for got, _ in wrong):
        return f"prints no line that begins with `{start}`."
    got, right = wrong[0]
    if all(len(more) > len(fewer) and _is_within(fewer, more) for more, fewer in wrong):
        return f"prints the lines that it should, and others: {len(got)} in place of {len(right)}."
    if all(len(fewer) < len(more) and _is_within(fewer, more) for fewer, more in wrong):
        return f"leaves out lines that it should print: {len(got)} in place of {len(right)}."
    return _wrong_number(wrong)


def _wrong_number(pairs: Sequence[tuple[list[str], list[str]]]) -> str:
    """One number is wrong in the printed lines, always at the same place, and nothing else."""
    lines = [pair for got, right in pairs if len(got) == len(right) for pair in zip(got, right, strict=True)]
    if not lines or any(len(got) != len(right) for got, right in pairs):
        return ""
    if any(_words(one) != _words(other) for one, other in lines):
        return ""
    columns = [set(_wrong_places(one, other)) for one, other in lines]
    places = set.union(*columns)
    if len(places) != 1 or (place := places.pop()) >= len(ORDINALS):
        return ""
    column = [tuple(np.array([_numbers(line)[place]]) for line in pair) for pair in lines]
    got, right = (np.concatenate(each) for each in zip(*column, strict=True))
    what = f"prints lines in which the {ORDINALS[place]} number"
    if words := relation([Pair(got, right)]):
        return f"{what} {words}."
    return f"{what} is wrong, and all else is right."


def _words(line: str) -> str:
    return NUMBER.sub("#", line)


def _numbers(line: str) -> list[float]:
    return [float(each) for each in NUMBER.findall(line)]


def _wrong_places(one: str, other: str) -> Iterator[int]:
    for place, pair in enumerate(zip(_numbers(one), _numbers(other), strict=True)):
        if not near(*(np.array([number]) for number in pair)):
            yield place


def _same_line(one: str, other: str) -> bool:
    return _words(one) == _words(other) and not list(_wrong_places(one, other))


def _same_lines(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(map(_same_line, one, other))


def _is_within(fewer: Sequence[str], more: Sequence[str]) -> bool:
    """Whether all of these lines are among the others, in the same order."""
    left = iter(more)
    return all(any(_same_line(line, other) for other in left) for line in fewer)
