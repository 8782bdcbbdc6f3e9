"""The visible checks of `cross_entropy`."""

import math

import torch

from grader.checks import Backward, Tolerance, check, guard

LOG2, LOG3 = math.log(2), math.log(3)


@check("cross_entropy", points=2)
def test_known_probabilities(student):
    """averages minus the logarithm of what the softmax gives the labels"""
    # The probabilities are (1/6, 2/6, 3/6) and (3/6, 1/6, 2/6); the labels have 3/6 and 1/6.
    s = torch.tensor([[0, LOG2, LOG3], [LOG3 - 2, -2, LOG2 - 2]])
    outcome = student.cross_entropy(s, torch.tensor([2, 1]))
    outcome.returns(torch.tensor((LOG2 + math.log(6)) / 2), what="the loss")
    outcome = student.cross_entropy(torch.tensor([[LOG3, 0.0]]), torch.tensor([1]))
    outcome.returns(torch.tensor(2 * LOG2), what="the loss")


@check("cross_entropy", points=1)
def test_large_scores(student):
    """stays finite for scores of 1000: the losses of these rows are 0, 1000 and 200, and 400 is their mean"""
    s = torch.tensor([[1000.0, 0.0], [1000.0, 0.0], [-900.0, -700.0]])
    outcome = student.cross_entropy(s, torch.tensor([0, 1, 0]))
    outcome.returns(torch.tensor(400.0), Tolerance(scale=1000.0), "the loss")


@check("cross_entropy", points=1)
def test_gradients_flow(student):
    """can be differentiated: in each score, with the probability, less 1 for the label"""
    s = torch.tensor([[0, LOG2, LOG3], [800.0, 0.0, 0.0]]).requires_grad_()
    outcome = student.cross_entropy(s, torch.tensor([2, 1]), then=Backward(None))
    outcome.gradient(0, torch.tensor([[1 / 12, 2 / 12, -3 / 12], [0.5, -0.5, 0.0]]), "the scores")


@guard("cross_entropy", penalty=0.25)
def test_arguments_stay_as_they_are(student):
    """leaves scores and labels as they were"""
    student.cross_entropy(torch.tensor([[1.0, 2.0], [3.0, 5.0]]), torch.tensor([0, 1])).leaves_alone(0, 1)
