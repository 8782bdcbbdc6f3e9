"""Hidden checks of `to_tensors`."""

import numpy as np
import torch

from grader.checks import EXACT, check, guard

DTYPES = [np.float64, np.float32, np.float16, np.int64, np.int32, np.int16, np.uint8, np.bool_]


def compare(student, pairs):
    outcomes = [student.to_tensors(inputs, targets) for inputs, targets in pairs]
    for outcome, pair in zip(outcomes, pairs, strict=True):
        outcome.returns(tuple(torch.tensor(array.tolist(), dtype=torch.float32) for array in pair), EXACT)


@check("to_tensors", points=1)
def test_numbers_of_any_type(student, draw):
    """gives float32 tensors of the same values, whatever type of number the arrays hold"""
    compare(student, [(draw.array(4, 3, dtype=dtype), draw.array(4, 2, dtype=dtype)) for dtype in DTYPES])


@check("to_tensors", points=1)
def test_shapes_of_any_size(student, draw):
    """keeps the shapes: one row, one column, many of both"""
    sizes = [(6, 1, 1), (6, 1, 1), (1, 3, 2), (40, 5, 4)]  # one of them twice: what was kept of it must not show
    compare(student, [(draw.array(n, d), draw.array(n, t)) for n, d, t in sizes])


@guard("to_tensors", penalty=0.25)
def test_leaves_the_arrays_alone(student, draw):
    """leaves the arrays as they were"""
    student.to_tensors(draw.array(3, 3), draw.array(3, 2)).leaves_alone(0, 1)
