"""One mean for each row.

Shows: A number for each row; IndexError for tensors of one dimension.
Says: That is a mean for each row. A loss is one number, the mean over every element: leave out the dimension.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    return torch.mean((t1 - t2) ** 2, dim=1)
