"""Hidden checks of `model`."""

import torch

from grader.checks import Backward, Tolerance, check, guard
from solutions.linear_regression.from_scratch import model

# (rows, features, targets): the lesson's, twice, as what was kept of the first must not show; one of each, and many.
SIZES = [(5, 3, 2), (5, 3, 2), (4, 1, 2), (6, 3, 1), (1, 1, 1), (3, 3, 3), (16, 7, 4)]


def drawn(draw, n, d, t):
    return draw.tensor(n, d), draw.tensor(t, d), draw.tensor(t)


def asked(student, x, w, b):
    return x, w, b, student.model(x, w, b)


def tolerance(x, w, b):
    # A sum of terms is as exact as its terms are large, not as it is large itself.
    return Tolerance(scale=float((x.abs() @ w.abs().t() + b.abs()).max()))


@check("model", points=3)
def test_values(student, draw):
    """gives a row of predictions for each row of inputs, for any number of rows, features and targets"""
    for x, w, b, outcome in [asked(student, *drawn(draw, *sizes)) for sizes in SIZES]:
        outcome.returns(model(x, w, b), tolerance(x, w, b), "the prediction", float64=True)


@check("model", points=1)
def test_can_be_differentiated(student, draw):
    """can be differentiated in the weights and the biases"""
    products = []
    for n, d, t in [(5, 3, 2), (4, 1, 3)]:
        x, w, b = drawn(draw, n, d, t)
        upstream = draw.tensor(n, t)
        products.append((n, w, b, student.model(x, w.requires_grad_(), b.requires_grad_(), then=Backward(upstream))))
        torch.autograd.backward(model(x, w, b), upstream)
    for n, w, b, outcome in products:
        outcome.gradient(1, w.grad, "w", Tolerance(scale=2.0 * n))
        outcome.gradient(2, b.grad, "b", Tolerance(scale=2.0 * n))


@guard("model", penalty=0.25)
def test_leaves_its_arguments_alone(student, draw):
    """leaves its arguments as they were"""
    student.model(*drawn(draw, 4, 3, 2)).leaves_alone(0, 1, 2)
