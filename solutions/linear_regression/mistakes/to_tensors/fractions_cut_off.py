"""Whole numbers on the way, float32 at the end.

Shows: Right dtypes; every number with a fraction is too near to zero.
Says: The tensors are float32, but the fractions are gone: on the way, the numbers were turned into whole ones.
Convert straight to float32.
Lesson: arrays-to-tensors
"""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).long().float(), torch.from_numpy(targets).long().float()
