"""Drawn inputs: the same from the same seed, and others from another."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grader.checks import Draw
from grader.checks.student import derive


def test_the_same_seed_draws_the_same() -> None:
    one, other = Draw(derive(1, "ada", "mse")), Draw(1, "ada", "mse")
    assert torch.equal(one.tensor(3, 2), other.tensor(3, 2))
    assert one.integer(0, 1000) == other.integer(0, 1000)


def test_another_student_exercise_or_batch_draws_something_else() -> None:
    seeds = [derive(1, "ada", "mse"), derive(2, "ada", "mse"), derive(1, "bob", "mse"), derive(1, "ada", "model")]
    assert len(set(seeds)) == 4
    drawn = [tuple(Draw(seed).tensor(4).tolist()) for seed in seeds]
    assert len(set(drawn)) == 4


def test_parts_of_a_seed_do_not_run_together() -> None:
    assert derive("ab", "c") != derive("a", "bc")


def test_what_is_drawn_lies_where_it_should() -> None:
    draw = Draw(3)
    tensor = draw.tensor(100, low=2, high=3)
    assert tensor.dtype == torch.float32
    assert bool((tensor >= 2).all() and (tensor <= 3).all())
    assert draw.tensor().shape == ()
    assert {draw.integer(1, 3) for _ in range(60)} == {1, 2, 3}
    assert 5 <= draw.number(5, 6) <= 6
    assert draw.choice("a") == "a"


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int32, np.uint8, np.bool_])
def test_arrays_are_of_the_type_asked_for(dtype: type) -> None:
    array = Draw(1).array(3, 2, dtype=dtype)
    assert array.dtype == dtype
    assert array.shape == (3, 2)
    assert array.flags.writeable
    assert array.flags.c_contiguous
