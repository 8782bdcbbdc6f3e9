"""The visible checks of `baseline`."""

import torch

from grader.checks import check


@check("baseline")
def test_small_numbers(student):
    """learns its one answer from the first labels, and is measured on the second"""
    # 3 is the most frequent of the first; one of four is a 3.
    student.baseline(torch.tensor([3, 1, 3]), torch.tensor([1, 1, 3, 1])).returns(0.25, what="the accuracy")
    student.baseline(torch.tensor([9, 2, 9, 2, 2, 0]), torch.tensor([2, 9, 2])).returns(2 / 3, what="the accuracy")
    student.baseline(torch.tensor([5]), torch.tensor([4, 4])).returns(0.0, what="the accuracy")
