"""Hidden checks of `mse`."""

import torch

from grader.checks import Backward, check, guard
from solutions.linear_regression.from_scratch import mse

SHAPES = [(5, 2), (1, 4), (6, 1), (3, 3), (7,), (2, 3, 4)]


@check("mse", points=2)
def test_values(student, draw):
    """averages the squared differences over every element, whatever the shape"""
    pairs = [(draw.tensor(*shape), draw.tensor(*shape)) for shape in SHAPES]
    # Targets as large as the lesson's: a mean of large squares, still exact.
    pairs.append((draw.tensor(5, 2, low=0, high=140), draw.tensor(5, 2, low=0, high=140)))
    outcomes = [student.mse(a, b) for a, b in pairs]
    for outcome, (a, b) in zip(outcomes, pairs, strict=True):
        outcome.returns(mse(a, b), what="the loss", float64=True)


@check("mse", points=2)
def test_can_be_differentiated(student, draw):
    """can be differentiated in both arguments"""
    losses = []
    for shape in [(5, 2), (3, 2, 2)]:
        a, b = draw.tensor(*shape).requires_grad_(), draw.tensor(*shape).requires_grad_()
        upstream = draw.tensor(low=0.5)
        losses.append((a, b, student.mse(a, b, then=Backward(upstream))))
        torch.autograd.backward(mse(a, b), upstream)
    for a, b, outcome in losses:
        outcome.gradient(0, a.grad, "the first argument")
        outcome.gradient(1, b.grad, "the second argument")


@guard("mse", penalty=0.25)
def test_leaves_its_arguments_alone(student, draw):
    """leaves its arguments as they were"""
    student.mse(draw.tensor(3, 2), draw.tensor(3, 2)).leaves_alone(0, 1)
