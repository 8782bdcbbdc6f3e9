"""Only the targets become float32.

Shows: Right targets; the inputs keep the arrays' dtype.
Says: The targets are float32, but the inputs keep the dtype of their array. Both are needed in one computation, so
convert the inputs too.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs)
    targets = torch.from_numpy(targets).float()
    return inputs, targets
