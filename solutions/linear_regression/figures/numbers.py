"""The lesson's data and the training runs that its figures show: in float64, so that they are the same everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from solutions.linear_regression import oracle
from solutions.linear_regression.with_torch import make_loader

Array = np.ndarray[Any, Any]

INPUT_NAMES = ("temperature (°F)", "rainfall (mm)", "humidity (%)")
TARGET_NAMES = ("apples", "oranges")
REGIONS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm")

# Three times the five regions: inputs, then targets.
_ROWS = [
    [73, 67, 43, 56, 70], [91, 88, 64, 81, 101], [87, 134, 58, 119, 133], [102, 43, 37, 22, 37], [69, 96, 70, 103, 119],
    [74, 66, 43, 57, 69], [91, 87, 65, 80, 102], [88, 134, 59, 118, 132], [101, 44, 37, 21, 38], [68, 96, 71, 104, 118],
    [73, 66, 44, 57, 69], [92, 87, 64, 82, 100], [87, 135, 57, 118, 134], [103, 43, 36, 20, 38], [68, 97, 70, 102, 120],
]  # fmt: skip
ALL_INPUTS: Array = np.array(_ROWS, dtype=np.float64)[:, :3]
ALL_TARGETS: Array = np.array(_ROWS, dtype=np.float64)[:, 3:]
INPUTS, TARGETS = ALL_INPUTS[:5], ALL_TARGETS[:5]

W: Array = np.array([[0.2493, 0.5977, 1.0519], [0.5243, 1.6664, 0.2768]])
B: Array = np.array([0.2634, -1.4872])
START: Array = oracle.stack(W, B)
LR = 1e-5


def curvature(inputs: Array, targets: Array) -> Array:
    """The second derivative of the loss in the parameters of one target, (d + 1, d + 1)."""
    ones = oracle.with_ones(inputs)
    return 2 * ones.T @ ones / targets.size


def slope(theta: Array, inputs: Array, targets: Array) -> Array:
    """The gradient of the loss in theta (d + 1, t)."""
    ones = oracle.with_ones(inputs)
    return 2 * ones.T @ (ones @ theta - targets) / targets.size


def losses(theta: Array, inputs: Array, targets: Array, lr: float, epochs: int) -> list[float]:
    """The loss before each epoch of gradient descent, and after the last one: `epochs` + 1 numbers."""
    found = []
    for _ in range(epochs):
        found.append(oracle.loss(theta, inputs, targets))
        theta = theta - lr * slope(theta, inputs, targets)
    return [*found, oracle.loss(theta, inputs, targets)]


def standardised(inputs: Array, by: Array) -> Array:
    """Inputs (n, d), less the mean of the columns of `by`, in units of their standard deviation."""
    return (inputs - by.mean(axis=0)) / by.std(axis=0)


def batch_losses(epochs: int, seed: int = 1) -> Array:
    """The loss of each batch of the run that the lesson shows, (epochs, 3): batches of 5, shuffled, of the 15 rows.

    The first weights and the order of the rows are those that PyTorch draws from the seed.
    """
    torch.manual_seed(seed)
    layer = torch.nn.Linear(3, 2)
    theta = oracle.stack(layer.weight.detach().numpy().round(5), layer.bias.detach().numpy().round(5))
    torch.manual_seed(seed)
    loader = make_loader(torch.from_numpy(ALL_INPUTS), torch.from_numpy(ALL_TARGETS))
    found = []
    for _ in range(epochs):
        for x, y in loader:
            found.append(oracle.loss(theta, x.numpy(), y.numpy()))
            theta = theta - LR * slope(theta, x.numpy(), y.numpy())
    return np.array(found).reshape(epochs, -1)


def held_out(rows: Array) -> tuple[float, float]:
    """The least squares loss on the rows that are not held out, and on those that are; `rows` is a mask of those."""
    best = oracle.least_squares(ALL_INPUTS[~rows], ALL_TARGETS[~rows])
    return (
        oracle.loss(best, ALL_INPUTS[~rows], ALL_TARGETS[~rows]),
        oracle.loss(best, ALL_INPUTS[rows], ALL_TARGETS[rows]),
    )
