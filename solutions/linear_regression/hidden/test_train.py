"""Hidden checks of `train`.

Few epochs compared number by number, at several learning rates, and many once. That the loss falls proves nothing:
it falls without resetting the gradients, too.
"""

import torch

from grader.checks import Tolerance, check, guard
from solutions.linear_regression import oracle

# (rows, features, targets, size of the inputs, learning rate, epochs)
RUNS = [(5, 3, 2, 100.0, 1e-5, 4), (8, 2, 1, 1.0, 0.5, 4), (1, 1, 1, 1.0, 0.2, 1), (6, 1, 3, 1.0, 0.1, 3)]
MANY = 103  # epochs, more than the lesson's
DIGITS = 5.1e-5  # a loss may be rounded to four decimals


def drawn(draw, n, d, t, size):
    inputs, targets = draw.tensor(n, d, low=-size, high=size), draw.tensor(n, t, low=-size, high=size)
    return inputs, targets, draw.tensor(t, d).requires_grad_(), draw.tensor(t).requires_grad_()


def falling_and_rising(draw):
    """Data on which the loss falls for some epochs and then rises, at a learning rate of 0.2: right for b, which each
    epoch takes to 0.6 of its distance, and too large for w, which it takes to -1.15 of it. It is as large as what is
    `oracle.settled`: what was kept of this run must not show in that one."""
    inputs = torch.tensor([[5.375**0.5], [-(5.375**0.5)]]).repeat(2, 1)
    w, b = draw.tensor(1, 1), draw.tensor(1)
    targets = inputs * (w + draw.number(0.3, 0.5)) + b + draw.number(4, 6)
    return inputs, targets, w.requires_grad_(), b.requires_grad_()


def expect_trained(outcome, start, theta, epochs, relative=None):
    tolerance = Tolerance(epochs, max(abs(start).max(), abs(theta).max()), relative)
    weight, bias = (torch.tensor(part, dtype=torch.float32) for part in oracle.unstack(theta))
    outcome.leaves(2, weight, f"w after {epochs} epochs", tolerance)
    outcome.leaves(3, bias, f"b after {epochs} epochs", tolerance)


@check("train", points=3)
def test_every_loss_and_both_parameters(student, draw):
    """gives the loss of each epoch, before its update, and leaves w and b trained"""
    runs = [(drawn(draw, n, d, t, size), lr, epochs) for n, d, t, size, lr, epochs in RUNS]
    runs.append((falling_and_rising(draw), 0.2, 12))
    outcomes = [student.train(*data, lr, epochs) for data, lr, epochs in runs]
    for outcome, ((inputs, targets, w, b), lr, epochs) in zip(outcomes, runs, strict=True):
        start = oracle.stack(w.detach(), b.detach())
        theta, losses = oracle.last_losses(start, inputs, targets, lr, epochs, len(inputs))
        allowed = max(Tolerance(epochs).allowed(torch.tensor(max(losses))), DIGITS)
        outcome.returns(losses, Tolerance(relative=allowed / max(losses)), "the list of losses")
        expect_trained(outcome, start, theta, epochs)


@check("train", points=2)
def test_converges(student, draw):
    """brings the loss down as far as gradient descent can, in the epochs that it is given"""
    short = (drawn(draw, 20, 3, 2, 1.0), 0.5, 6, None)
    # Many epochs are the learner's time: only who comes this far is asked for them.
    for (inputs, targets, w, b), lr, epochs, relative in [short, (oracle.settled(draw), oracle.SETTLED_LR, MANY, 1e-3)]:
        start = oracle.stack(w.detach(), b.detach())
        outcome = student.train(inputs, targets, w.requires_grad_(), b.requires_grad_(), lr, epochs)
        if type(outcome.value) is list and len(outcome.value) > 1:  # of one loss alone the other check tells
            outcome.equals("the number of losses", len(outcome.value), epochs)
        expect_trained(outcome, start, oracle.descend(start, inputs, targets, lr, epochs), epochs, relative)


@guard("train", penalty=0.25)
def test_leaves_the_data_alone(student, draw):
    """leaves the data as it was, and w and b as leaf tensors that require gradients"""
    outcome = student.train(*drawn(draw, 4, 2, 2, 1.0), 0.1, 2)
    outcome.leaves_alone(0, 1)
    outcome.requires_grad(2, "w")
    outcome.requires_grad(3, "b")
