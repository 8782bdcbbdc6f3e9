"""Rows and columns change places.

Shows: Shapes (d, n) and (t, n).
Says: Rows and columns have changed places. A row is a region, and stays one: keep the shapes of the arrays.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float().T, torch.from_numpy(targets).float().T
