"""The tensors are made and not returned.

Shows: None.
Says: Nothing came back. What a function makes is gone when it ends, unless it is returned: return the two tensors.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float()
