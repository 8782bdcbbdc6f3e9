"""The visible checks of `scores`."""

import torch

from grader.checks import Backward, check, guard


def floats(numbers):
    return torch.tensor(numbers, dtype=torch.float32)


@check("scores", points=2)
def test_small_numbers(student):
    """gives a score of each class for each row"""
    outcome = student.scores(floats([[1, 2], [0, -1]]), floats([[3, 4], [0, 1], [-2, 0.5]]), floats([0.5, 0, 10]))
    outcome.returns(floats([[11.5, 2, 9], [-3.5, -1, 9.5]]), what="the table of scores", float64=True)


@check("scores", points=1)
def test_other_sizes(student):
    """works for any number of rows, of numbers in a row, and of classes"""
    # As many classes as numbers: here a forgotten transpose goes unnoticed by the shapes.
    outcome = student.scores(floats([[1, 2], [3, 4]]), floats([[1, 0], [1, 1]]), floats([10, 20]))
    outcome.returns(floats([[11, 23], [13, 27]]), what="the table of scores", float64=True)
    outcome = student.scores(floats([[2, -1, 0.5]]), floats([[3, 4, 6]]), floats([0.25]))
    outcome.returns(floats([[5.25]]), what="the table of scores", float64=True)


@check("scores", points=1)
def test_gradients_flow(student):
    """can be differentiated in the weights and the biases"""
    w, b = floats([[0.25, 0.25, 0.25]]), floats([1])
    outcome = student.scores(floats([[1, 2, 3]]), w.requires_grad_(), b.requires_grad_(), then=Backward(None))
    outcome.gradient(1, floats([[1, 2, 3]]), "w")
    outcome.gradient(2, floats([1]), "b")


@guard("scores", penalty=0.25)
def test_arguments_stay_as_they_are(student):
    """leaves its arguments as they were"""
    student.scores(floats([[1, 2], [3, 4]]), floats([[5, 6]]), floats([7])).leaves_alone(0, 1, 2)
