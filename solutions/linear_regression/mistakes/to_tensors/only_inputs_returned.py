"""One tensor comes back, the inputs.

Shows: A tensor in place of a pair.
Says: Only the inputs came back. The function promises two tensors: return the targets as well, after the inputs.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float()
    return inputs
