"""Hidden checks of `cross_entropy`."""

import torch
from torch import autograd

from grader.checks import Backward, Tolerance, check, guard
from solutions.digits.from_scratch import cross_entropy
from solutions.digits.oracle import labels, loss_of

SHAPES = [(6, 10), (6, 10), (1, 3), (3, 3), (7, 2)]


@check("cross_entropy", points=2)
def test_values(student, draw):
    """averages minus the logarithm of the labels' probabilities"""
    asked = [(draw.tensor(n, k, low=-3, high=3), labels(draw, n, k)) for n, k in SHAPES]
    # Labels that are nearly certain: what is rounded away there shows.
    sure = draw.tensor(4, 3, low=-0.5, high=0.5)
    asked.append((sure + 5 * torch.eye(3)[[0, 2, 1, 1]], torch.tensor([0, 2, 1, 1])))
    outcomes = [student.cross_entropy(*each) for each in asked]
    for outcome, each in zip(outcomes, asked, strict=True):
        expected = torch.tensor(loss_of(*each), dtype=torch.float32)
        outcome.returns(expected, Tolerance(scale=0.2), "the loss")


@check("cross_entropy", points=1)
def test_large_scores(student, draw):
    """stays finite for scores of any size"""
    for low, high in [(-900, 900), (400, 500), (-2100, -2000)]:
        s, y = draw.tensor(5, 4, low=low, high=high), labels(draw, 5, 4)
        expected = torch.tensor(loss_of(s, y), dtype=torch.float32)
        student.cross_entropy(s, y).returns(expected, Tolerance(scale=max(abs(low), high)), "the loss")


@check("cross_entropy", points=1)
def test_can_be_differentiated(student, draw):
    """can be differentiated in the scores, in those that are large, too"""
    for low, high in [(-2, 2), (-600, 600)]:
        s, y = draw.tensor(4, 5, low=low, high=high).requires_grad_(), labels(draw, 4, 5)
        upstream = draw.tensor(low=1, high=2)
        outcome = student.cross_entropy(s, y, then=Backward(upstream))
        autograd.backward(cross_entropy(s, y), upstream)
        # A large score has few digits behind the point: what is computed with it is as exact as they are.
        outcome.gradient(0, s.grad, "the scores", Tolerance(relative=5e-4 if high > 100 else None))


@guard("cross_entropy", penalty=0.25)
def test_leaves_its_arguments_alone(student, draw):
    """leaves scores and labels as they were"""
    student.cross_entropy(draw.tensor(3, 4), labels(draw, 3, 4)).leaves_alone(0, 1)
