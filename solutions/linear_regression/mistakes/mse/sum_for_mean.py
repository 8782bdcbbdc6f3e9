"""The sum of the squares, not their mean.

Shows: Too large by a factor of the number of elements.
Says: That is the sum of the squares. The mean is the sum divided by the number of elements.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff)
