""".float is named and not called.

Shows: Two methods come back, no tensors.
Says: The function returned two methods, not two tensors: without parentheses, a method is only named. Add them to call
it.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float, torch.from_numpy(targets).float
