"""The visible checks of `to_tensors`."""

import numpy as np
import torch

from grader.checks import EXACT, check, guard

INPUTS = [[73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]]
TARGETS = [[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]]


def float32(numbers):
    return torch.tensor(numbers, dtype=torch.float32)


@check("to_tensors", points=1)
def test_the_lessons_arrays(student):
    """turns the lesson's arrays of whole numbers into float32 tensors"""
    right = (float32(INPUTS), float32(TARGETS))
    outcome = student.to_tensors(np.array(INPUTS), np.array(TARGETS))
    outcome.returns(right, EXACT)


@check("to_tensors", points=1)
def test_other_arrays(student):
    """gives float32 tensors of the same shape, whatever numbers the arrays hold"""
    for dtype in (np.float64, np.float32, np.int32, np.int16, np.bool_):
        fractions = [[0.5, 2.25, 0.0], [7.75, 1.0, 3.5]]
        inputs, targets = np.array(fractions).astype(dtype), np.array([[0.0], [4097.5]]).astype(dtype)
        right = (float32(inputs.tolist()), float32(targets.tolist()))
        student.to_tensors(inputs, targets).returns(right, EXACT)


@guard("to_tensors", penalty=0.25)
def test_arrays_stay_as_they_are(student):
    """leaves the arrays as they were"""
    student.to_tensors(np.array([[1.5, 2.5]]), np.array([[3.5]])).leaves_alone(0, 1)
