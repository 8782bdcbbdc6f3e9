"""The visible checks of `train`."""

import numpy as np
import torch

from grader.checks import Tolerance, check, guard

INPUTS = [[73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]]
TARGETS = [[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]]
WEIGHTS = [[0.2493, 0.5977, 1.0519], [0.5243, 1.6664, 0.2768]]
BIASES = [0.2634, -1.4872]
SCALE = 3.0  # losses that were rounded to four decimals are right: 5e-5 is 2e-5 of 2.5


def arguments(inputs, targets, weights, biases):
    x, y, w, b = (torch.tensor(numbers, dtype=torch.float32) for numbers in (inputs, targets, weights, biases))
    return x, y, w.requires_grad_(), b.requires_grad_()


def descent(inputs, targets, weights, biases, lr, epochs):
    """The losses before each epoch and after the last one, and the parameters (biases first) at the end.

    In float64 with the derivative worked out by hand, on inputs with a column of ones for the biases.
    """
    ones = np.c_[np.ones(len(inputs)), np.array(inputs, dtype=float)]
    y = np.array(targets, dtype=float)
    both = np.c_[np.array(biases, dtype=float), np.array(weights, dtype=float)].T
    losses = []
    for _ in range(epochs + 1):
        far = ones @ both - y
        losses.append(float(np.mean(far**2)))
        if len(losses) <= epochs:
            both = both - lr * 2 / far.size * ones.T @ far
    return losses, both


def expect_losses(outcome, data, lr, epochs):
    losses, _ = descent(*data, lr, epochs)
    outcome.returns(losses[:-1], Tolerance(steps=epochs, scale=SCALE), "the list of losses")


@check("train", points=2)
def test_first_losses(student):
    """gives the loss of each epoch, before its update, as a list of floats"""
    data = (INPUTS, TARGETS, WEIGHTS, BIASES)
    outcome = student.train(*arguments(*data), 1e-5, 4)
    expect_losses(outcome, data, 1e-5, 4)


@check("train", points=2)
def test_where_the_lesson_arrives(student):
    """brings the lesson's loss down to 83.25 in 101 epochs, by changing w and b in place"""
    outcome = student.train(*arguments(INPUTS, TARGETS, WEIGHTS, BIASES), 1e-5, 101)
    w, b = (outcome.after(index).detach().double().numpy() for index in (2, 3))
    (loss, *_), _ = descent(INPUTS, TARGETS, w, b, 0, 0)
    if np.array_equal(w, np.float32(WEIGHTS)) and np.array_equal(b, np.float32(BIASES)):
        outcome.fail("w and b have not changed: train must change the tensors it was given.")
    *_, right = descent(INPUTS, TARGETS, WEIGHTS, BIASES, 1e-5, 101)[0]
    if not abs(loss - right) < 0.01:
        facts = (("loss", f"{loss:.4f}"), ("expected", f"{right:.4f}"))
        outcome.fail("The loss with the trained w and b is not what it should be.", *facts)


@check("train", points=1)
def test_other_data(student):
    """trains on other data, at other learning rates"""
    for data, lr, epochs in [
        (([[1], [2], [4]], [[3], [1], [-2]], [[0.5]], [1]), 0.05, 3),
        (([[1, -1], [0.5, 2]], [[1, 0, 2], [0, 3, 1]], [[1, 0], [0, 1], [1, 1]], [0, 0, 1]), 0.2, 5),
    ]:
        outcome = student.train(*arguments(*data), lr, epochs)
        expect_losses(outcome, data, lr, epochs)
        _, both = descent(*data, lr, epochs)
        outcome.leaves(2, torch.tensor(both[1:].T, dtype=torch.float32), "w after the last epoch", Tolerance(epochs))
        outcome.leaves(3, torch.tensor(both[0], dtype=torch.float32), "b after the last epoch", Tolerance(epochs))


@guard("train", penalty=0.25)
def test_data_stays_as_it_is(student):
    """leaves the data as it was, and w and b as tensors that require gradients"""
    outcome = student.train(*arguments([[1, 2], [3, 4]], [[1], [2]], [[0.5, 0.5]], [0]), 0.01, 2)
    outcome.leaves_alone(0, 1)
    for index, name in enumerate(["w", "b"], start=2):
        outcome.requires_grad(index, name)
