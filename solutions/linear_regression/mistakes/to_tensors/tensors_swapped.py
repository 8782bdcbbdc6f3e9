"""The targets come first.

Shows: Both tensors are right, in the wrong order.
Says: The two tensors came in the wrong order: inputs first, targets second.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(targets).float(), torch.from_numpy(inputs).float()
