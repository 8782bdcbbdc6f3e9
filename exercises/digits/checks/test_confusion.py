"""The visible checks of `confusion`."""

import torch

from grader.checks import check, guard


@check("confusion")
def test_small_tables(student):
    """counts in row i and column j how often an i was taken for a j"""
    predicted, labels = torch.tensor([1, 1, 0, 1, 2, 1]), torch.tensor([1, 0, 0, 0, 1, 1])
    outcome = student.confusion(predicted, labels, 3)
    outcome.returns(torch.tensor([[1, 2, 0], [0, 2, 1], [0, 0, 0]]), what="the table")
    outcome = student.confusion(torch.tensor([0]), torch.tensor([1]), 2)
    outcome.returns(torch.tensor([[0, 0], [1, 0]]), what="the table")
    outcome = student.confusion(torch.tensor([0, 1, 0]), torch.tensor([0, 1, 1]), 4)
    outcome.returns(torch.tensor([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]), what="the table")


@guard("confusion", penalty=0.25)
def test_arguments_stay_as_they_are(student):
    """leaves predictions and labels as they were"""
    student.confusion(torch.tensor([1, 0]), torch.tensor([1, 1]), 2).leaves_alone(0, 1)
