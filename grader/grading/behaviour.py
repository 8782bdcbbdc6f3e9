"""The cause of a failed exercise, as far as its calls and their results show it by themselves, in any lesson.

Each rule looks at what was asked and what came back, and at nothing else: no reference, no misconception.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.checks.observed import CallRecord
from grader.sandbox.protocol.messages import Reply
from grader.sandbox.protocol.plain import Array

_WHICH = ("first", "second", "third", "fourth", "fifth", "sixth")


def behaviour(function: str, asked: Sequence[CallRecord]) -> str:
    """What a function does in all of these calls, in a sentence; empty when that is nothing of a known kind.

    Only calls in checks that look at values count, and at least two of them.
    """
    of_values = {each.check for each in asked if "value" in each.looked}
    seen = [
        (each.call.args, each.answer.value)
        for each in asked
        if isinstance(each.answer, Reply) and each.check in of_values and each.call.function == function
    ]
    if len(seen) < 2:
        return ""
    if all(value is None for _, value in seen):
        return f"{function} returns nothing: look at how it ends."
    for index in range(min(len(_WHICH), *(len(args) for args, _ in seen))):
        if all(_same(args[index], value) for args, value in seen):
            return f"{function} returns its {_WHICH[index]} argument as it is."
    first_args, first_value = seen[0]
    others_differ = any(not _all_same(args, first_args) for args, _ in seen[1:])
    if others_differ and all(_same(value, first_value) for _, value in seen[1:]):
        return f"{function} returns the same, whatever it is given."
    return ""


def _all_same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values hold the same numbers, or are the same text or number."""
    if isinstance(one, Array) and isinstance(other, Array):
        return (one.kind, one.dtype, one.shape, one.data) == (other.kind, other.dtype, other.shape, other.data)
    return type(one) is type(other) and type(one) in (int, float, str, bool) and bool(one == other)
