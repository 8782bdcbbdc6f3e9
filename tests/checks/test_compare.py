"""Comparing: type, shape and dtype first and exactly, then values, and a sentence that says what is different."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import EXACT, RIGHT, Tolerance
from grader.checks.compare import difference
from grader.sandbox.inside.execute import to_plain
from grader.sandbox.protocol.plain import ITEM_SIZES, Opaque

EXPECTED = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def told(got: Any, expected: Any = EXPECTED, tolerance: Tolerance = RIGHT) -> str:
    found = difference("the result", to_plain(got), expected, tolerance)
    return "" if found is None else " ".join([found.summary, *(text for _, text in found.facts)])


def test_the_same_values_are_no_difference() -> None:
    assert not told(EXPECTED.clone())
    assert not told(torch.nn.Parameter(EXPECTED.clone()))
    assert not told(EXPECTED * (1 + 1e-6))


@given(st.sampled_from(sorted(ITEM_SIZES)), st.lists(st.integers(0, 3), max_size=3), st.booleans())
def test_a_tensor_of_any_dtype_and_shape_is_itself_and_no_other(dtype: str, shape: list[int], turned: bool) -> None:
    numbers = torch.arange(math.prod(shape)).reshape(shape) % 2
    numbers = numbers.t() if turned and numbers.dim() == 2 else numbers
    tensor, other = (each.to(getattr(torch, dtype)) for each in (numbers, 1 - numbers))
    assert not told(tensor, tensor)
    assert bool(told(other, tensor)) == bool(tensor.numel())


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "but it is None. Is there a `return`?"),
        (2.5, "should be a tensor, but it is a float"),
        ([1.0, 2.0], "should be a tensor, but it is a list"),
        (EXPECTED.numpy(), "should be a tensor, but it is a NumPy array"),
        (EXPECTED.reshape(-1), "should have the shape (2, 2), but it has (4,)"),
        (EXPECTED.reshape(1, 4), "should have the shape (2, 2), but it has (1, 4)"),
        (EXPECTED[:, :1], "should have the shape (2, 2), but it has (2, 1)"),
        (EXPECTED.double(), "should hold float32 numbers, but it holds float64"),
        (EXPECTED.half(), "should hold float32 numbers, but it holds float16"),
        (EXPECTED.to_sparse(), "should be a tensor, but it is a torch.sparse_coo tensor"),
        (EXPECTED.to("meta"), "should be a tensor, but it is a torch.strided tensor of torch.float32 on meta"),
        (EXPECTED + torch.tensor([[0.0, 0.0], [0.5, 0.0]]), "1 of 4 numbers is wrong. at [1, 0]: 3.5 instead of 3"),
        (EXPECTED * 2, "is not what it should be. at [1, 1]: 8 instead of 4"),
        (EXPECTED * float("nan"), "not finite"),
        (EXPECTED * float("inf"), "not finite"),
    ],
)
def test_a_difference_is_said_in_a_sentence(got: Any, words: str) -> None:
    assert words in told(got)


NESTED = {"loss": torch.tensor(0.5), "history": [1.0, 0.5], "best": (3, np.array([1.0, 2.0]))}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"loss": torch.tensor(0.5 + 1e-7)}, ""),
        ({"loss": torch.tensor(0.25)}, "'loss' of the result is not what it should be."),
        ({"loss": 0.5}, "'loss' of the result should be a tensor, but it is a float"),
        ({"history": [1.0]}, "'history' of the result should be a list of 2 floats, but it has 1 item"),
        ({"history": [1.0, 0.25]}, "The second item of 'history' of the result should be 0.5, but it is 0.25"),
        ({"best": (4, np.array([1.0, 2.0]))}, "The first value of 'best' of the result should be 3, but it is 4"),
        ({"best": (3, np.array([1.0, 4.0]))}, "The second value of 'best' of the result is not what it should be."),
        ({"best": (3, torch.tensor([1.0, 2.0]))}, "should be a NumPy array, but it is a tensor"),
        ({"best": (3, np.array([1, 2]))}, "should hold float64 numbers, but it holds int64"),
        ({"best": (3, np.array([[1.0, 2.0]]))}, "should have the shape (2,), but it has (1, 2)"),
        ({"more": 1}, "should have the keys 'loss', 'history', 'best', but it has 'loss', 'history', 'best', 'more'"),
    ],
)
def test_dicts_and_arrays_are_compared_part_by_part(change: dict[str, Any], words: str) -> None:
    said = told({**NESTED, **change}, NESTED)
    assert words in said
    assert bool(words) == bool(said)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (b"abc", ""),
        (b"abd", "The result should be b'abc', but it is b'abd'."),
        ("abc", "The result should be b'abc', but it is 'abc'."),
        (bytes(100), "but it is bytes of length 100."),
        (bytearray(b"abc"), "but it is a bytearray."),
    ],
)
def test_bytes_are_compared_as_they_are(got: Any, words: str) -> None:
    said = told(got, b"abc")
    assert words in said
    assert bool(words) == bool(said)


def test_what_is_no_dict_or_lacks_a_key_is_said() -> None:
    assert "should be a dict, but it is a list" in told([1], NESTED)
    assert "should have the keys 'a', but it has none" in told({}, {"a": 1})


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9).map(lambda x: round(x, 3)) | st.text(max_size=3),
    lambda parts: (
        st.lists(parts, max_size=3) | st.tuples(parts, parts) | st.dictionaries(st.text(max_size=3), parts, max_size=3)
    ),
)


def is_right(got: Any, expected: Any) -> bool:
    if isinstance(expected, tuple):
        return type(got) in (list, tuple) and len(got) == len(expected) and all(map(is_right, got, expected))
    if isinstance(expected, list):
        return type(got) is list and len(got) == len(expected) and all(map(is_right, got, expected))
    if isinstance(expected, dict):
        return type(got) is dict and got.keys() == expected.keys() and all(is_right(got[k], expected[k]) for k in got)
    return type(got) is type(expected) and got == expected


@given(values, values)
def test_whatever_is_nested_is_like_itself_and_like_nothing_else(one: Any, other: Any) -> None:
    assert not told(one, one, EXACT)
    assert bool(told(other, one, EXACT)) is not is_right(other, one)


def test_a_subclass_that_claims_to_be_equal_is_no_tensor() -> None:
    class Liar(torch.Tensor):
        def __eq__(self, other: object) -> Any:
            return True

    assert "should be a tensor" in told(EXPECTED.as_subclass(Liar))


def test_computing_in_half_precision_shows() -> None:
    torch.manual_seed(0)
    numbers = torch.rand(50) + 1
    assert told(numbers.half().float(), numbers)
    assert told(numbers.bfloat16().float(), numbers)
    assert not told(numbers + torch.finfo(torch.float32).eps, numbers)


def test_a_difference_of_a_ten_thousandth_is_never_allowed_on_a_single_result() -> None:
    assert told(EXPECTED * (1 + 1.0001e-4))
    assert told(EXPECTED * (1 + 1.0001e-4), EXPECTED, Tolerance(steps=10_000))


def test_a_list_of_floats_is_just_that() -> None:
    assert not told([1.0, 2.0], [1.0, 2.0])
    assert not told([np.float64(1.0), 2.0], [1.0, 2.0])
    assert "a Python float, but it is an int" in told([1, 2.0], [1.0, 2.0])
    assert "a plain Python number, but it is a tensor" in told([torch.tensor(1.0), 2.0], [1.0, 2.0])
    assert "list of 2 floats, but it has 3 items" in told([1.0, 2.0, 3.0], [1.0, 2.0])
    assert "list of 2 floats, but it is a tuple" in told((1.0, 2.0), [1.0, 2.0])
    assert "the second item of the result should be 2, but it is 2.5" in told([1.0, 2.5], [1.0, 2.0]).lower()
    assert told([1.0, float("nan")], [1.0, 2.0])


def test_several_values_may_come_in_a_list_or_a_tuple() -> None:
    pair = (EXPECTED, EXPECTED[0])
    assert not told([EXPECTED, EXPECTED[0]], pair)
    assert not told((EXPECTED, EXPECTED[0]), pair)
    assert "should be 2 values, but it is 1 value." in told((EXPECTED,), pair)
    assert "The second value of the result should have the shape" in told((EXPECTED, EXPECTED), pair)


def test_exactly_means_exactly() -> None:
    assert told(EXPECTED * (1 + 1e-6), EXPECTED, EXACT)
    assert told(torch.tensor([1, 2]), torch.tensor([1, 3]))
    assert not told(torch.tensor([1, 2]), torch.tensor([1, 2]))


def test_what_has_no_plain_form_is_told_by_its_type() -> None:
    found = difference("the result", Opaque("torch.utils.data.dataloader.DataLoader"), EXPECTED, RIGHT)
    assert found is not None
    assert "a DataLoader" in found.summary


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=8), st.integers(0, 7))
def test_one_number_far_off_is_found_and_pointed_at(numbers: list[float], where: int) -> None:
    expected = torch.tensor(numbers)
    index = where % len(numbers)
    got = expected.clone()
    got[index] += max(1.0, float(expected.abs().max()))
    assert f"at [{index}]" in told(got, expected) or len(numbers) == 1
    assert told(got, expected)
