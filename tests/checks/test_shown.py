"""What stands beside a finding about a result tells the two apart: what was returned, and what was expected."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import CheckFailed
from grader.checks.outcome import Outcome
from grader.sandbox.inside.execute import to_plain
from grader.sandbox.protocol.messages import Call, Reply

DTYPES = (torch.float32, torch.float64, torch.float16, torch.int64, torch.bool)
SIZES = st.lists(st.integers(1, 5), max_size=3).map(tuple)
NESTS = {
    "alone": lambda one, _: one,
    "first of two": lambda one, other: (one, other),
    "second of two": lambda one, other: [other, one],
    "by a name": lambda one, other: {"loss": other, "model": one},
    "first of many": lambda one, other: [one, *[other] * 9],
}


def shown(got: Any, expected: Any) -> dict[str, str]:
    """The facts of the finding that tells the one from the other."""
    outcome = Outcome(Call("m", "f", ()), lambda: (Reply(to_plain(got), ()), ""), lambda: ())
    with pytest.raises(CheckFailed) as failed:
        outcome.returns(expected)
    return dict(failed.value.finding.facts)


@given(st.sampled_from(DTYPES), st.sampled_from(DTYPES), SIZES, st.sampled_from(list(NESTS)), st.booleans())
def test_where_only_dtypes_differ_both_lines_name_them(
    got: torch.dtype, expected: torch.dtype, size: tuple[int, ...], nest: str, numpy: bool
) -> None:
    if got == expected:
        return
    values = torch.ones(size, dtype=got), torch.ones(size, dtype=expected)
    one, right = (each.numpy() if numpy else each for each in values)
    other = torch.ones(2)
    facts = shown(NESTS[nest](one, other), NESTS[nest](right, other))
    assert f"({str(got).removeprefix('torch.')})" in facts["returned"]
    assert f"({str(expected).removeprefix('torch.')})" in facts["expected"]


@given(SIZES, st.sampled_from(list(NESTS)), st.floats(-9, 9, width=32))
def test_two_lines_that_say_the_same_are_left_out(size: tuple[int, ...], nest: str, change: float) -> None:
    one, right = torch.ones(size) + change, torch.ones(size)
    if abs(change) < 1e-3:
        return
    facts = shown(NESTS[nest](one, right), NESTS[nest](right, right))
    assert ("returned" in facts) == ("expected" in facts)
    assert "returned" not in facts or facts["returned"] != facts["expected"]
    large = one.numel() > 6
    assert ("returned" in facts) == (not large)
    assert "furthest off" in facts or one.numel() == 1
