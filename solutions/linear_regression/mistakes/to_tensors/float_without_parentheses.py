""".float is named and not called.

Shows: Two methods come back, no tensors.
Says: What came back are two methods, not two tensors: without parentheses, a method is only named. With them, it is
called.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float, torch.from_numpy(targets).float
