"""What a function shows in a call: alike but for rounding, different in anything that the check looks at."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.observed import Feature, _kept, alike, features
from grader.sandbox.inside.execute import to_plain
from grader.sandbox.protocol.messages import Raised, Reply
from grader.sandbox.protocol.plain import ITEM_SIZES, Array, Opaque


def shown(value: object, *, printed: str = "", after: tuple[object, ...] = (), looked: str = "value") -> list:
    return features(Reply(to_plain(value), tuple(map(to_plain, after))), printed, {looked})


def with_gradient(values: list[float], gradient: list[float] | None) -> torch.Tensor:
    tensor = torch.tensor(values, requires_grad=True)
    tensor.grad = None if gradient is None else torch.tensor(gradient)
    return tensor


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.0 + 1e-6),
        (torch.tensor([1e6, 1.0]), torch.tensor([1e6, 1.1])),
        ([1.0, math.nan, math.inf], [1.0, math.nan, math.inf]),
        ({"a": torch.zeros(2)}, {"a": torch.zeros(2)}),
        (None, None),
    ],
)
def test_what_differs_by_rounding_is_alike(one: object, other: object) -> None:
    assert alike(shown(one), shown(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.001),
        (1.0, 1),
        (1.0, None),
        (torch.tensor([1.0]), torch.tensor(1.0)),
        (torch.tensor([1.0]), torch.tensor([1.0], dtype=torch.float64)),
        (torch.tensor([1.0]), [1.0]),
        (torch.tensor([1.0], requires_grad=True), torch.tensor([1.0])),
        (torch.tensor([1.0, math.nan]), torch.tensor([math.nan, 1.0])),
        (torch.tensor([math.inf]), torch.tensor([-math.inf])),
        ([1.0, 2.0], (1.0, 2.0)),
        ([1.0, 2.0], [1.0]),
        (True, False),
        ("a", "b"),
    ],
)
def test_what_differs_in_type_shape_or_value_is_not(one: object, other: object) -> None:
    assert not alike(shown(one), shown(other))


def test_only_what_is_looked_at_counts() -> None:
    one, other = with_gradient([1.0], [2.0]), with_gradient([1.0], None)
    for looked, same in [("after:0", True), ("leaf:0", True), ("grad:0", False), ("reset:0", False), ("value", True)]:
        assert alike(shown(None, after=(one,), looked=looked), shown(None, after=(other,), looked=looked)) is same


@pytest.mark.parametrize("as_attributes", [False, True])
def test_gradients_within_an_object_are_seen_as_those_of_a_tensor(as_attributes: bool) -> None:
    states = [
        {"weight": with_gradient([1.0, 2.0], each), "count": 3} for each in (None, [0.0, 0.0], [1.0, 2.0], [1.0, 3.0])
    ]
    none, zeros, small, large = [(each,) for each in states] if as_attributes else states
    for looked, one, other, same in [
        ("after:0", none, small, True),
        ("grad:0", none, small, False),
        ("grad:0", small, large, False),
        ("grad:0", small, small, True),
        ("reset:0", none, zeros, True),
        ("reset:0", none, small, False),
        ("reset:0", small, large, True),
    ]:
        assert alike(shown(None, after=(one,), looked=looked), shown(None, after=(other,), looked=looked)) is same


def test_a_gradient_of_zeros_is_as_gone_as_none() -> None:
    zeros, none = with_gradient([1.0], [0.0]), with_gradient([1.0], None)
    assert alike(shown(None, after=(zeros,), looked="reset:0"), shown(None, after=(none,), looked="reset:0"))


def test_numbers_in_printed_lines_are_numbers_and_other_lines_are_not_looked_at() -> None:
    one = shown(None, printed="hello\nEpoch [10/20], Loss: 68.7956\n", looked="lines:Epoch [")
    other = shown(None, printed="Epoch [10/20], Loss: 68.7957\nbye\n", looked="lines:Epoch [")
    wrong = shown(None, printed="Epoch [11/20], Loss: 68.7956\n", looked="lines:Epoch [")
    assert alike(one, other)
    assert not alike(one, wrong)


def test_an_exception_hides_everything_else_and_its_addresses_differ() -> None:
    one = features(Raised("call", "TypeError", "<f at 0x7f00> is wrong"), "printed", {"value", "printed"})
    other = features(Raised("call", "TypeError", "<f at 0x8a11> is wrong"), "", {"value", "printed"})
    wrong = features(Raised("call", "ValueError", "<f at 0x8a11> is wrong"), "", {"value", "printed"})
    assert alike(one, other)
    assert not alike(one, wrong)


def test_what_can_not_be_sent_is_known_by_its_type() -> None:
    dataset, loader = Reply(Opaque("torch.TensorDataset", "a b")), Reply(Opaque("torch.DataLoader"))
    assert alike(features(dataset, "", {"value"}), features(Reply(Opaque("torch.TensorDataset")), "", {"value"}))
    assert not alike(features(dataset, "", {"value"}), features(loader, "", {"value"}))


@given(st.lists(st.floats(width=32), max_size=6), st.floats(-1e-6, 1e-6))
def test_any_numbers_are_alike_to_themselves_with_rounding(values: list[float], by: float) -> None:
    moved = [value * (1 + by) for value in values]
    assert alike(shown(values), shown(moved if all(map(math.isfinite, moved)) else values))


ANY_FLOAT = st.floats() | st.sampled_from(
    [0.0, -0.0, 1.0, 1.0 + 5e-5, 1.0 + 2e-4, 1e308, math.inf, -math.inf, math.nan]
)


@given(ANY_FLOAT, ANY_FLOAT)
def test_a_number_is_compared_and_kept_as_an_array_of_one_is(one: float, other: float) -> None:
    alone = [Feature("x", each) for each in (one, other)]
    as_arrays = [Feature("x", np.array([each])) for each in (one, other)]
    with np.errstate(over="ignore"):
        assert alike(alone[:1], alone[1:]) == alike(as_arrays[:1], as_arrays[1:])
        assert repr(_kept(alone[0])) == repr(_kept(as_arrays[0]))  # where nan is nan


@pytest.mark.parametrize("dtype", ITEM_SIZES)
def test_the_numbers_of_a_tensor_are_those_that_torch_gives(dtype: str) -> None:
    tensor = torch.tensor([[0.0, 1.0, 2.5], [100.0, 3.0, 7.0]]).to(getattr(torch, dtype))
    plain = to_plain(tensor)
    assert isinstance(plain, Array)
    expected = torch.view_as_real(tensor).movedim(-1, 0) if tensor.is_complex() else tensor
    assert Feature("x", plain).numbers.tolist() == expected.double().reshape(-1).tolist()
    assert Feature("x", replace(plain, shape=(0,), data=b"")).numbers.size == 0
