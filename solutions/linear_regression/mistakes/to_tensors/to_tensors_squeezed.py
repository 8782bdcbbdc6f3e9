"""squeeze takes every dimension of size one away.

Shows: Right for many rows and columns; with one row or one column a dimension is missing.
Says: With one row or one column, a dimension is missing, as it is after squeeze(). Keep the shapes of the arrays,
whatever their sizes.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float().squeeze(), torch.from_numpy(targets).float().squeeze()
