"""The visible checks of `evaluate`."""

import math

import torch
from torch.utils.data import DataLoader, TensorDataset

from grader.checks import check, guard

# The model gives back what it gets, as scores. The labels have 3/4, 1/4 and 3/4, so that two of three are right.
X = torch.tensor([[0.0, math.log(3)], [math.log(3), 0.0], [math.log(3), 0.0]])
Y = torch.tensor([1, 1, 0])
LOSS, ACCURACY = (2 * math.log(4 / 3) + math.log(4)) / 3, 2 / 3


def mirror():
    """A model whose scores are its inputs."""
    net = torch.nn.Linear(2, 2)
    with torch.no_grad():
        net.weight.copy_(torch.eye(2))
        net.bias.zero_()
    return net


@check("evaluate", points=3)
def test_three_rows(student):
    """gives the same loss and accuracy, however the rows are put into batches"""
    for size in (3, 2, 1):
        outcome = student.evaluate(mirror(), DataLoader(TensorDataset(X, Y), size))
        outcome.returns((LOSS, ACCURACY), what="the result")


@guard("evaluate", penalty=0.5)
def test_model_stays_as_it_is(student):
    """leaves the model as it was, and no gradients in it"""
    net = mirror()
    outcome = student.evaluate(net, DataLoader(TensorDataset(X, Y), 2))
    outcome.trained(0, {"weight": torch.eye(2), "bias": torch.zeros(2)})
    outcome.resets_gradient(0, "the model")
