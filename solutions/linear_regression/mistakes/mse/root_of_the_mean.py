"""The root of the mean squared error.

Shows: The square root of the right number.
Says: That is the root of the mean squared error. Drop the final square root: the exercise asks for the mean of the
squares.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    return torch.sqrt(torch.mean((t1 - t2) ** 2))
