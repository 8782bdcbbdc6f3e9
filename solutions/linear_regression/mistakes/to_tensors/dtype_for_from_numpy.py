"""from_numpy is given a dtype.

Shows: TypeError: from_numpy() takes no keyword arguments.
Says: torch.from_numpy takes the array and nothing else: it always keeps the dtype. Convert its result, or use a
function that takes a dtype.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs, dtype=torch.float32), torch.from_numpy(targets, dtype=torch.float32)
