"""The mean absolute error.

Shows: The mean of the absolute differences.
Says: That is the mean of the absolute differences. It is a loss too, but another one: square the differences, so
that large ones count more.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    return torch.mean(torch.abs(t1 - t2))
