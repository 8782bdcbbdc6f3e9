"""The visible checks of `predict`."""

import numpy as np
import torch

from grader.checks import Build, Tolerance, check, guard

# The larger set of the lesson: inputs, then targets.
ROWS = [
    [73, 67, 43, 56, 70], [91, 88, 64, 81, 101], [87, 134, 58, 119, 133], [102, 43, 37, 22, 37], [69, 96, 70, 103, 119],
    [74, 66, 43, 57, 69], [91, 87, 65, 80, 102], [88, 134, 59, 118, 132], [101, 44, 37, 21, 38], [68, 96, 71, 104, 118],
    [73, 66, 44, 57, 69], [92, 87, 64, 82, 100], [87, 135, 57, 118, 134], [103, 43, 36, 20, 38], [68, 97, 70, 102, 120],
]  # fmt: skip


def linear(weights, biases):
    state = {
        "weight": torch.tensor(weights, dtype=torch.float32),
        "bias": torch.tensor(biases, dtype=torch.float32),
    }
    return Build("torch.nn.Linear", (3, 2), state=state)


@check("predict", points=1)
def test_the_lessons_region(student):
    """tells the yields of the new region: 53.8 and 66.8 with the best weights there are"""
    numbers = np.array(ROWS, dtype=float)
    best, *_ = np.linalg.lstsq(np.c_[numbers[:, :3], np.ones(len(numbers))], numbers[:, 3:], rcond=None)
    outcome = student.predict(linear(best[:3].T, best[3]), (75, 63, 44))
    outcome.returns(torch.tensor([53.80, 66.81]), Tolerance(relative=2e-4), float64=True)


@check("predict", points=1)
def test_other_regions(student):
    """takes a list, a tuple or an array, of whole numbers or fractions"""
    for region, right in [
        ([1, 2, 3], [1.5, 4.0]),
        ((4.0, 0.5, 2.25), [4.5, 1.75]),
        (np.array([10, 20, 30]), [10.5, 49.0]),
        (np.array([0.25, 4.0, 5.5]), [0.75, 8.5]),
    ]:
        outcome = student.predict(linear([[1, 0, 0], [0, 1, 1]], [0.5, -1]), region)
        outcome.returns(torch.tensor(right), Tolerance(scale=100), float64=True)


@guard("predict", penalty=0.5)
def test_not_attached(student):
    """gives plain numbers, not attached to a graph"""
    outcome = student.predict(linear([[1, 0, 0], [0, 1, 1]], [0.5, -1]), (1, 2, 3))
    if isinstance(outcome.value, torch.Tensor) and outcome.value.requires_grad:
        outcome.fail("The result is still attached to the graph: compute it without recording gradients.")
