"""Operators between things that can't be put together, and values that are no yes or no."""

from __future__ import annotations

import re

from grader.checks.exceptions.kinds import ARRAYS, PLAIN_NUMBERS, capital_kind, is_module, kind_of
from grader.checks.exceptions.row import NAME, Seen, row

_OPERATOR = r"(?P<operator>[-+*/%@&|^<>=!~]{1,3}|\*\* or pow\(\)|divmod\(\))"
_LOSS = re.compile(r"\b[A-Za-z0-9]{1,30}Loss\(")


def _apart(found: re.Match[str], _: Seen) -> str:
    groups = found.groupdict()
    operator = groups.get("operator") or "+"
    kinds = [found["a"], found["b"]]
    if operator.startswith("^") and all(kind in (*PLAIN_NUMBERS, "Tensor", "Parameter") for kind in kinds):
        return "^ is no power in Python. Powers are written with two stars: x ** 2."
    if {"numpy.ndarray", "Tensor"} == set(kinds):
        return f"A NumPy array and a tensor can't be put together with {operator}. Make the array a tensor first."
    models = [kind for kind in kinds if is_module(kind)]
    if models:
        return f"{capital_kind(models[0])} was computed with as if it were what it gives. Call it on an input first."
    if "str" in kinds:
        other = next((kind for kind in kinds if kind != "str"), "str")
        return (
            f"A text and {kind_of(other)} can't be put together with {operator}. In a message write values inside an "
            'f-string, f"{x}"; a text of digits becomes a number with float().'
        )
    if "complex" in kinds:
        return "A complex number came out of a computation, such as the root of a negative number."
    listed = next((kind for kind in kinds if kind in ARRAYS), "")
    if listed and listed != "numpy.ndarray":
        return (
            f"{capital_kind(listed)} can't be computed with as a whole, number by number. Tensors can: make one of "
            "it, or take the part that is meant."
        )
    both = f"{capital_kind(kinds[0])} and {kind_of(kinds[1])}"
    return f"{both} can't be put together with {operator}. Which of them isn't what it should be?"


def _ambiguous(_: re.Match[str], seen: Seen) -> str:
    said = (
        "A tensor of several numbers was used as a yes or no, as by if, while, and, or, not, in, max() or min(). "
        "Compare single numbers, or say all() or any()."
    )
    if _LOSS.search(seen.line):
        said += " A loss that is a class is made first and called then, as in nn.L1Loss()(a, b)."
    return said


ROWS = (
    row(rf"^unsupported operand type\(s\) for {_OPERATOR}: '(?P<a>{NAME})' and '(?P<b>{NAME})'", _apart, "TypeError"),
    row(rf"^'{_OPERATOR}' not supported between instances of '(?P<a>{NAME})' and '(?P<b>{NAME})'", _apart, "TypeError"),
    row(rf"can only concatenate (?P<a>{NAME}) \(not \"(?P<b>{NAME})\"\) to", _apart, "TypeError"),
    row(
        rf"can't multiply sequence by non-int of type '(?P<kind>{NAME})'",
        "A list times a number repeats the list, and takes whole numbers only. To multiply number by number, make a "
        "tensor of it first.",
    ),
    row(
        rf"bad operand type for (?P<operator>unary [-+~]|[a-z]{{1,10}}\(\)): '(?P<kind>{NAME})'",
        lambda found, _: f"{found['operator'].removeprefix('unary ')} can't be used with {kind_of(found['kind'])}.",
    ),
    row(r"Boolean value of Tensor with more than one value is ambiguous", _ambiguous),
    row(
        r"Boolean value of Tensor with no values is ambiguous",
        "An empty tensor was used as a yes or no. Should there be anything in it?",
    ),
    row(
        r"The truth value of an array with more than one element is ambiguous",
        "A NumPy array of several numbers was used as a yes or no, as by if, while, and, or, not. Compare single "
        "numbers, or say all() or any().",
    ),
)
