"""The visible checks of `mse`."""

import torch

from grader.checks import Backward, check, guard

# What the lesson's first weights say of the five regions, and what was harvested there.
ESTIMATES = [
    [103.7399, 160.3379],
    [142.8689, 210.5825],
    [163.0545, 283.4789],
    [90.3134, 133.8882],
    [148.4773, 214.0399],
]
TARGETS = [[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]]


def floats(numbers):
    return torch.tensor(numbers, dtype=torch.float32)


@check("mse", points=2)
def test_the_lessons_numbers(student):
    """averages the squared differences over every element"""
    outcome = student.mse(floats(ESTIMATES), floats(TARGETS))
    outcome.returns(floats(7601.5629), float64=True)


@check("mse", points=1)
def test_other_shapes(student):
    """takes tensors with any number of dimensions"""
    pairs = [
        ([[1, 2]], [[1, 4]], 2.0),
        ([1, 2, 3], [1, 0, 6], 13 / 3),
        ([[[1, 0], [0, 0]], [[0, -3], [2, 0.5]]], [[[0, 0], [4, 0]], [[0, 0], [0, 0]]], 30.25 / 8),
    ]
    for one, other, right in pairs:
        student.mse(floats(one), floats(other)).returns(floats(right), float64=True)


@check("mse", points=1)
def test_gradients_flow(student):
    """can be differentiated in both arguments"""
    one, other = floats([[1, 2], [3, 4]]).requires_grad_(), floats([[2, 2], [0, 0]]).requires_grad_()
    outcome = student.mse(one, other, then=Backward(None))
    outcome.gradient(0, floats([[-0.5, 0], [1.5, 2]]), "the first argument")
    outcome.gradient(1, floats([[0.5, 0], [-1.5, -2]]), "the second argument")


@guard("mse", penalty=0.25)
def test_arguments_stay_as_they_are(student):
    """leaves its arguments as they were"""
    student.mse(floats([[1, 2], [3, 4]]), floats([[2, 2], [0, 0]])).leaves_alone(0, 1)
