"""The arrays' dtype is kept.

Shows: float64 stays float64, whole numbers stay int64; only float32 arrays come out right.
Says: The tensors keep the dtype of the arrays: whole numbers stay whole numbers, float64 stays float64. A model
computes in float32, so convert both tensors.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs), torch.from_numpy(targets)
