"""Hidden checks of `train`.

Few epochs compared number by number, at several learning rates, and many once. That the loss falls proves nothing: it
falls without resetting the gradients, too.
"""

import torch

from grader.checks import Tolerance, check, guard
from solutions.digits import oracle

# (rows, features, classes, size of the inputs, learning rate, epochs)
RUNS = [
    (8, 5, 4, 1.0, 0.5, 4),
    (8, 5, 4, 1.0, 0.5, 4),
    (1, 2, 3, 1.0, 0.2, 1),
    (6, 3, 2, 1.5, 1.0, 9),
    (4, 3, 3, 1.0, 0.0, 4),  # nothing moves, and every loss is the same
]
MANY = 57
DIGITS = 5.1e-5  # a loss may be rounded to four decimals


def drawn(draw, n, d, k, size):
    x, y = draw.tensor(n, d, low=-size, high=size), oracle.labels(draw, n, k)
    return x, y, draw.tensor(k, d).requires_grad_(), draw.tensor(k).requires_grad_()


def expect_trained(outcome, data, lr, epochs, relative=None):
    x, y, w, b = data
    weights, biases, losses = oracle.descend(w.detach(), b.detach(), x, y, lr, epochs)
    weights, biases = oracle.tensors(weights, biases)
    outcome.leaves(2, weights, f"w after {epochs} epochs", Tolerance(epochs, 1.0, relative))
    outcome.leaves(3, biases, f"b after {epochs} epochs", Tolerance(epochs, 1.0, relative))
    return losses


@check("train", points=3)
def test_every_loss_and_both_parameters(student, draw):
    """gives the loss of each epoch, before its update, and leaves w and b trained"""
    runs = [(drawn(draw, n, d, k, size), lr, epochs) for n, d, k, size, lr, epochs in RUNS]
    x, y, w, b = oracle.rising(draw)
    runs.append(((x, y, w.requires_grad_(), b.requires_grad_()), oracle.RISING_LR, 12))
    outcomes = [student.train(*data, lr, epochs) for data, lr, epochs in runs]
    for outcome, (data, lr, epochs) in zip(outcomes, runs, strict=True):
        losses = expect_trained(outcome, data, lr, epochs)
        allowed = max(Tolerance(epochs).allowed(torch.tensor(max(losses))), DIGITS)
        outcome.returns(losses, Tolerance(relative=allowed / max(losses)), "the list of losses")


@check("train", points=1)
def test_converges(student, draw):
    """trains for as many epochs as it is told to, also where the loss hardly changes"""
    x, y, w, b = oracle.settled(draw)
    data = (x, y, w.requires_grad_(), b.requires_grad_())
    outcome = student.train(*data, oracle.SETTLED_LR, MANY)
    weights, biases, losses = oracle.descend(w.detach(), b.detach(), x, y, oracle.SETTLED_LR, MANY)
    weights, biases = oracle.tensors(weights, biases)
    outcome.leaves(2, weights, f"w after {MANY} epochs", Tolerance(relative=1e-2))
    outcome.leaves(3, biases, f"b after {MANY} epochs", Tolerance(relative=1e-2))
    if type(outcome.value) is list:
        outcome.equals("the number of losses", len(outcome.value), len(losses))


@guard("train", penalty=0.25)
def test_leaves_the_data_alone(student, draw):
    """leaves the data as it was, and w and b as leaf tensors that require gradients"""
    outcome = student.train(*drawn(draw, 4, 2, 3, 1.0), 0.1, 2)
    outcome.leaves_alone(0, 1)
    outcome.requires_grad(2, "w")
    outcome.requires_grad(3, "b")
