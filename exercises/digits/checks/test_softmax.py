"""The visible checks of `softmax`."""

import math

import torch

from grader.checks import Backward, check, guard

LOG2, LOG3 = math.log(2), math.log(3)


@check("softmax", points=1)
def test_known_ratios(student):
    """makes 1/6, 2/6 and 3/6 of the logarithms of 1, 2 and 3, whatever is added to all of them"""
    s = torch.tensor([[0, LOG2, LOG3], [LOG3 - 2, -2, LOG2 - 2], [0.5, 0.5, 0.5]])
    right = torch.tensor([[1 / 6, 2 / 6, 3 / 6], [3 / 6, 1 / 6, 2 / 6], [1 / 3, 1 / 3, 1 / 3]])
    student.softmax(s).returns(right, what="the table of probabilities")
    student.softmax(torch.tensor([[LOG3, 0.0]])).returns(
        torch.tensor([[0.75, 0.25]]), what="the table of probabilities"
    )


@check("softmax", points=1)
def test_large_scores(student):
    """stays finite for a score of 1000, and of -1000"""
    s = torch.tensor([[1000.0, 1000.0], [-1000.0, -1000.0], [0.0, LOG3], [1000.0, 0.0]])
    right = torch.tensor([[0.5, 0.5], [0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    student.softmax(s).returns(right, what="the table of probabilities")


@check("softmax", points=1)
def test_gradients_flow(student):
    """can be differentiated"""
    # Of two equal scores each has p = 1/2, and p grows by p * (1 - p) with its own score.
    s = torch.tensor([[0.3, 0.3], [500.0, 500.0]]).requires_grad_()
    outcome = student.softmax(s, then=Backward(torch.tensor([[1.0, 0.0], [1.0, 0.0]])))
    outcome.gradient(0, torch.tensor([[0.25, -0.25], [0.25, -0.25]]), "s")


@guard("softmax", penalty=0.25)
def test_scores_stay_as_they_are(student):
    """leaves the scores as they were"""
    student.softmax(torch.tensor([[1.0, 2.0], [3.0, 5.0]])).leaves_alone(0)
