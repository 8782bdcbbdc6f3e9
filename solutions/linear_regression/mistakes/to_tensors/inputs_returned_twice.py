"""A slip of copy and paste in the return.

Shows: The second tensor equals the first.
Says: The inputs came back twice, and the targets not at all. Look at what the second result is made of.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float()
    return inputs, inputs
