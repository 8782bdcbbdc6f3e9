"""Both are squared, then subtracted.

Shows: The mean of the differences of squares; may be negative.
Says: Each tensor was squared on its own, and then the difference was taken. It is the difference that has to be
squared.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    return torch.mean(t1**2 - t2**2)
