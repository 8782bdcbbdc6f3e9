"""The targets lose their columns.

Shows: Targets of shape (n * t,).
Says: The targets are one long row of numbers: which number belongs to which region can't be seen any more. Keep the
shape of the array.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32).flatten()
