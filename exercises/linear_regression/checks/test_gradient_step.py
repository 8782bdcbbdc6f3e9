"""The visible checks of `gradient_step`."""

import numpy as np
import torch

from grader.checks import check, guard

WEIGHTS = [[0.2493, 0.5977, 1.0519], [0.5243, 1.6664, 0.2768]]
BIASES = [0.2634, -1.4872]
WEIGHTS_UPHILL = [[4610.71, 4369.90, 2855.70], [9219.63, 9829.94, 5972.58]]
BIASES_UPHILL = [53.4904, 108.4641]


def parameter(numbers, uphill):
    """A tensor that requires gradients, with its gradient in place, as after loss.backward()."""
    tensor = torch.tensor(numbers, dtype=torch.float32, requires_grad=True)
    tensor.grad = torch.tensor(uphill, dtype=torch.float32)
    return tensor


def expect_step(outcome, index, name, start, uphill, lr):
    right = torch.tensor(np.array(start) - lr * np.array(uphill), dtype=torch.float32)
    outcome.leaves(index, right, f"the new {name}")


@check("gradient_step", points=2)
def test_the_lessons_numbers(student):
    """moves w and b a little downhill: by lr times their gradients"""
    outcome = student.gradient_step(parameter(WEIGHTS, WEIGHTS_UPHILL), parameter(BIASES, BIASES_UPHILL), 1e-5)
    expect_step(outcome, 0, "w", WEIGHTS, WEIGHTS_UPHILL, 1e-5)
    expect_step(outcome, 1, "b", BIASES, BIASES_UPHILL, 1e-5)


@check("gradient_step", points=1)
def test_other_sizes_and_rates(student):
    """works for other sizes and learning rates"""
    tall, tall_uphill = [[1.0, -2.0], [0.5, 4.0], [0.0, 1.0]], [[2.0, 2.0], [-1.0, 0.0], [4.0, -8.0]]
    for w, dw, b, db, lr in [
        ([[1.0]], [[3.0]], [2.0], [1.0], 0.1),
        (tall, tall_uphill, [1.0, 2.0, 3.0], [-6.0, 2.0, 1.0], 0.5),
    ]:
        outcome = student.gradient_step(parameter(w, dw), parameter(b, db), lr)
        expect_step(outcome, 0, "w", w, dw, lr)
        expect_step(outcome, 1, "b", b, db, lr)


@check("gradient_step", points=1)
def test_gradients_are_reset(student):
    """resets both gradients, or they would add up from step to step"""
    outcome = student.gradient_step(parameter([[1.0, 2.0]], [[3.0, 4.0]]), parameter([5.0], [6.0]), 0.1)
    outcome.resets_gradient(0, "w")
    outcome.resets_gradient(1, "b")


@guard("gradient_step", penalty=0.4)
def test_still_require_gradients(student):
    """leaves w and b as tensors that require gradients, the step itself unrecorded"""
    outcome = student.gradient_step(parameter([[1.0, 2.0]], [[3.0, 4.0]]), parameter([5.0], [6.0]), 0.1)
    outcome.requires_grad(0, "w")
    outcome.requires_grad(1, "b")
