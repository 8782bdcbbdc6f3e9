"""A value that is written down in a visible check stands for itself, whatever its shape and dtype."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring.visible_text import expected_call, value_of
from grader.checks import RIGHT
from grader.checks.compare import difference
from grader.sandbox.inside.execute import to_plain

DTYPES = (torch.float32, torch.float64, torch.float16, torch.int64, torch.int32, torch.uint8, torch.bool)
shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)


@st.composite
def tensors(draw: st.DrawFn) -> torch.Tensor:
    shape, dtype = draw(shapes), draw(st.sampled_from(DTYPES))
    count = int(np.prod(shape)) if shape else 1
    numbers = draw(st.lists(st.integers(-8, 30), min_size=count, max_size=count))
    return (torch.tensor(numbers, dtype=torch.float64) / 8).abs().reshape(shape).to(dtype)


parts = tensors() | tensors().map(lambda each: each.numpy()) | st.integers(-9, 9) | st.booleans() | st.text(max_size=5)
values = st.recursive(
    parts,
    lambda each: (
        st.lists(each, max_size=3) | st.tuples(each, each) | st.dictionaries(st.text(max_size=3), each, max_size=2)
    ),
    max_leaves=5,
)


@given(values)
def test_what_is_written_is_the_value(value: Any) -> None:
    line = expected_call(to_plain(value))
    if line is None:  # too long to be read
        return
    text = line.strip().removeprefix("outcome.returns(").removesuffix(")")
    written = value_of(re.sub(r",\s*$", "", text.strip()))
    assert difference("it", to_plain(written), value, RIGHT) is None, line
    assert type(written) is type(value)
