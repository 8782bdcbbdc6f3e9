"""Hidden checks of `softmax`."""

import torch
from torch import autograd

from grader.checks import Backward, Tolerance, check, guard
from solutions.digits.from_scratch import softmax
from solutions.digits.oracle import probabilities

SHAPES = [(4, 10), (4, 10), (1, 3), (3, 3), (5, 2), (3, 1)]


@check("softmax", points=1)
def test_values(student, draw):
    """makes probabilities of each row of scores"""
    asked = [draw.tensor(*shape, low=-4, high=4) for shape in SHAPES]
    outcomes = [student.softmax(s) for s in asked]
    for outcome, s in zip(outcomes, asked, strict=True):
        outcome.returns(torch.tensor(probabilities(s), dtype=torch.float32), what="the table of probabilities")


@check("softmax", points=1)
def test_large_scores(student, draw):
    """stays finite for scores of any size, large and small in different rows"""
    for low, high in [(300, 310), (-2010, -2000), (-900, 900)]:
        s = torch.cat([draw.tensor(3, 5, low=low, high=high), draw.tensor(2, 5)])
        outcome = student.softmax(s)
        # A large score has few digits behind the point: what is computed with it is as exact as they are.
        expected = torch.tensor(probabilities(s), dtype=torch.float32)
        outcome.returns(expected, Tolerance(relative=5e-4), "the table of probabilities")


@check("softmax", points=1)
def test_can_be_differentiated(student, draw):
    """can be differentiated"""
    for low, high in [(-2, 2), (500, 503)]:
        s, upstream = draw.tensor(3, 4, low=low, high=high).requires_grad_(), draw.tensor(3, 4)
        outcome = student.softmax(s, then=Backward(upstream))
        autograd.backward(softmax(s), upstream)
        outcome.gradient(0, s.grad, "s", Tolerance(relative=5e-4 if low > 100 else None))


@guard("softmax", penalty=0.25)
def test_leaves_the_scores_alone(student, draw):
    """leaves the scores as they were"""
    student.softmax(draw.tensor(2, 3)).leaves_alone(0)
