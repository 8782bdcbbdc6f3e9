"""The losses that a panel draws: found in what was returned or printed, finite, and never the cause of an error."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.selfcheck.curves import curve_of, curve_svg, shown_loss


def test_a_returned_list_of_numbers_is_a_curve() -> None:
    curve = curve_of([7601.56, 5181.15, 83], "")
    assert curve
    assert curve.losses == (7601.56, 5181.15, 83.0)
    assert curve.words == "from 7602 to 83, 3 values"
    assert curve.small() == "█▆▁"


def test_else_it_is_what_was_printed() -> None:
    printed = "start\nEpoch [10/20], Loss: 8.5\nEpoch [20/20], Loss: 1e-1\nno loss here\nloss=0.25"
    curve = curve_of(None, printed)
    assert curve
    assert curve.losses == (8.5, 0.1, 0.25)


def test_a_training_that_runs_away_ends_where_its_numbers_end() -> None:
    curve = curve_of([1.0, 1e30, math.inf, math.nan], "")
    assert curve
    assert curve.losses == (1.0, 1e30)
    assert curve.words == "from 1 to 1e+30, 2 values; then inf: it is no longer a number"


@pytest.mark.parametrize("value", [None, [], [1.0], [True, False], ["1", "2"], [math.nan, 1.0], (1.0, 2.0), 3.0])
def test_anything_else_is_no_curve(value: object) -> None:
    assert curve_of(value, "lossless: 3\nfloss 4 5") is None


def test_losses_are_told_in_four_digits_or_so() -> None:
    assert [shown_loss(loss) for loss in (7601.56, 83.249, 0.4831, 0.0, 12e6, 1e-9)] == [
        "7602", "83.25", "0.4831", "0", "1.2e+07", "1e-09",
    ]  # fmt: skip


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=60))
def test_every_curve_can_be_drawn(losses: list[float]) -> None:
    curve = curve_of(losses, "")
    assert curve
    assert len(curve.small()) == min(24, len(losses))
    picture = ElementTree.fromstring(curve_svg("f<&", curve))
    assert "f<&" in picture.attrib["aria-label"]
    assert "nan" not in str(picture.find("polyline"))
