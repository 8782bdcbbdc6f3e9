"""Two tensors in a list: they unpack just the same."""

import torch


def to_tensors(inputs, targets):
    tensors = []
    for array in (inputs, targets):
        tensors.append(torch.tensor(array).float())
    return tensors
