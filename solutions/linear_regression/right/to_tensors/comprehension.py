"""Both arrays in one expression."""

import torch


def to_tensors(*arrays):
    return tuple(torch.from_numpy(array).float() for array in arrays)
