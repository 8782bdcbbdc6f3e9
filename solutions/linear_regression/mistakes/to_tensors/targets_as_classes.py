"""The targets become int64, as labels of classes do.

Shows: Right inputs; int64 targets without their fractions.
Says: The targets are whole numbers now, as they are where classes are told apart. Here they are amounts, with
fractions: make them float32 like the inputs.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float(), torch.from_numpy(targets).long()
