"""The visible checks of `accuracy`."""

import torch

from grader.checks import check


@check("accuracy")
def test_small_numbers(student):
    """gives the share of rows whose label has the highest score"""
    s = torch.tensor([[0.2, 0.7, 0.1], [3.0, -1.0, 0.0], [-3.0, -2.0, -1.0], [5.0, 9.0, 7.0], [1.0, 0.0, 2.0]])
    student.accuracy(s, torch.tensor([1, 1, 2, 0, 2])).returns(0.6, what="the accuracy")
    student.accuracy(s[:3], torch.tensor([1, 0, 1])).returns(2 / 3, what="the accuracy")
    student.accuracy(s[:2], torch.tensor([0, 1])).returns(0.0, what="the accuracy")
    student.accuracy(torch.tensor([[-1.0, -2.0]]), torch.tensor([0])).returns(1.0, what="the accuracy")
