""".float() of an array, which has none.

Shows: AttributeError: 'numpy.ndarray' object has no attribute 'float'.
Says: NumPy's arrays have no method float(); tensors have one. Make a tensor of the array first, then convert it.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs.float()), torch.from_numpy(targets.float())
