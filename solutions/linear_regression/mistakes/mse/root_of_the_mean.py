"""The root of the mean squared error.

Shows: The square root of the right number.
Says: That is the root of the mean squared error. It ends with a square root too many: the square is what is asked
for.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    return torch.sqrt(torch.mean((t1 - t2) ** 2))
