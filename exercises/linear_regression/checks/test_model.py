"""The visible checks of `model`."""

import torch

from grader.checks import Backward, check, guard

INPUTS = [[73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]]
WEIGHTS = [[0.2493, 0.5977, 1.0519], [0.5243, 1.6664, 0.2768]]
BIASES = [0.2634, -1.4872]


def floats(numbers):
    return torch.tensor(numbers, dtype=torch.float32)


@check("model", points=2)
def test_the_lessons_numbers(student):
    """gives two numbers for each of the lesson's five regions"""
    # The first one by hand: 73 * 0.2493 + 67 * 0.5977 + 43 * 1.0519 + 0.2634 = 103.7399.
    first = [[103.7399, 160.3379], [142.8689, 210.5825], [163.0545, 283.4789]]
    right = floats([*first, [90.3134, 133.8882], [148.4773, 214.0399]])
    outcome = student.model(floats(INPUTS), floats(WEIGHTS), floats(BIASES))
    outcome.returns(right, float64=True)


@check("model", points=1)
def test_other_sizes(student):
    """works for any number of rows, features and targets"""
    # As many features as targets: here a forgotten transpose goes unnoticed by the shapes.
    outcome = student.model(floats([[1, 2], [3, 4]]), floats([[1, 0], [1, 1]]), floats([10, 20]))
    outcome.returns(floats([[11, 23], [13, 27]]), float64=True)

    outcome = student.model(floats([[2, -1, 0.5]]), floats([[3, 4, 6]]), floats([0.25]))
    outcome.returns(floats([[5.25]]), float64=True)

    outcome = student.model(floats([[1, 2, 3, 4, 5]]), floats([[0, 0, 0, 1, 10], [1, 0, 0, 0, 0]]), floats([0.5, 0]))
    outcome.returns(floats([[54.5, 1]]), float64=True)

    outcome = student.model(floats([[2], [3]]), floats([[1], [-2], [0.5]]), floats([0, 1, 100]))
    outcome.returns(floats([[2, -3, 101], [3, -5, 101.5]]), float64=True)


@check("model", points=1)
def test_gradients_flow(student):
    """can be differentiated in the weights and the biases"""
    # A single number is differentiated without more ado: it grows with each weight as fast as that weight's input is
    # large. (To say how a whole table of numbers counts, PyTorch would first load sympy, which takes a second.)
    for x in ([[1, 2, 3]], [[-4, 0.5]]):
        w, b = floats([[0.25] * len(x[0])]), floats([1])
        outcome = student.model(floats(x), w.requires_grad_(), b.requires_grad_(), then=Backward(None))
        outcome.gradient(1, floats(x), "w")
        outcome.gradient(2, floats([1]), "b")


@guard("model", penalty=0.25)
def test_arguments_stay_as_they_are(student):
    """leaves its arguments as they were"""
    student.model(floats([[1, 2], [3, 4]]), floats([[5, 6]]), floats([7])).leaves_alone(0, 1, 2)
