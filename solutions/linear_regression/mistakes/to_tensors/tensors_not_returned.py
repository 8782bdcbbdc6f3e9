"""The tensors are made and not returned.

Shows: None.
Says: Nothing came back. Inside a function, new values under the old names are gone when it ends: return the two
tensors.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float()
