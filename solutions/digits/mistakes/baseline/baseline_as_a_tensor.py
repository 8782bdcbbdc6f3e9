"""A tensor comes back.

Shows: A tensor without dimensions, the value is right.
Says: The value is right, but it is a tensor. item() makes a plain number of it.
Lesson: a-baseline
"""

import torch


def baseline(train_y, y):
    most = torch.bincount(train_y).argmax()
    return (y == most).float().mean()
