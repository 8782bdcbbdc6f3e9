"""The visible checks of `train`."""

import math

import numpy as np
import torch

from grader.checks import Tolerance, check, guard

X = [[0, 0.25, 1], [1, 0.5, 0], [0.75, 0, 0.25], [0, 1, 0.5]]
Y = [2, 0, 0, 1]
SCALE = 3.0  # losses that were rounded to four decimals are right: 5e-5 is 2e-5 of 2.5


def arguments(x, y, w, b):
    x, w, b = (torch.tensor(numbers, dtype=torch.float32) for numbers in (x, w, b))
    return x, torch.tensor(y), w.requires_grad_(), b.requires_grad_()


def descent(x, y, w, b, lr, epochs):
    """Weights, biases and losses, in float64 with the derivative worked out by hand: for each score, its probability,
    less 1 where it is the label's."""
    x, w, b = (np.array(numbers, dtype=float) for numbers in (x, w, b))
    wanted, losses = np.eye(len(b))[y], []
    for _ in range(epochs):
        p = np.exp((x[:, None] * w).sum(axis=2) + b)
        p /= p.sum(axis=1, keepdims=True)
        losses.append(float(-np.log((p * wanted).sum(axis=1)).mean()))
        w = w - lr * (p - wanted).T @ x / len(x)
        b = b - lr * (p - wanted).mean(axis=0)
    return w, b, losses


def expect_trained(outcome, data, lr, epochs):
    w, b, losses = descent(*data, lr, epochs)
    outcome.leaves(2, torch.tensor(w, dtype=torch.float32), "w after the last epoch", Tolerance(epochs, scale=1.0))
    outcome.leaves(3, torch.tensor(b, dtype=torch.float32), "b after the last epoch", Tolerance(epochs, scale=1.0))
    outcome.returns(losses, Tolerance(epochs, scale=SCALE), "the list of losses")


@check("train", points=2)
def test_the_first_loss(student):
    """begins at the logarithm of the number of classes, where all weights are zero"""
    outcome = student.train(*arguments(X, Y, [[0, 0, 0]] * 3, [0, 0, 0]), 0.5, 1)
    outcome.returns([math.log(3)], Tolerance(scale=SCALE), "the list of losses")


@check("train", points=3)
def test_small_numbers(student):
    """gives the loss of each epoch, before its update, and changes w and b in place"""
    for data, lr, epochs in [
        ((X, Y, [[0, 0, 0]] * 3, [0, 0, 0]), 0.5, 3),
        (([[1, -1], [0.5, 2]], [1, 0], [[1, 0], [0, 1]], [0.5, 0]), 0.2, 4),
    ]:
        expect_trained(student.train(*arguments(*data), lr, epochs), data, lr, epochs)


@guard("train", penalty=0.25)
def test_data_stays_as_it_is(student):
    """leaves the data as it was, and w and b as tensors that require gradients"""
    outcome = student.train(*arguments([[1, 2], [3, 4]], [1, 0], [[0.5, 0.5], [0, 1]], [0, 0]), 0.01, 2)
    outcome.leaves_alone(0, 1)
    for index, name in enumerate(["w", "b"], start=2):
        outcome.requires_grad(index, name)
