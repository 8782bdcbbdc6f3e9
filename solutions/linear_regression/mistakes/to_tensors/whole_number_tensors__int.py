"""The same with 32 bits."""

import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.int), torch.tensor(targets, dtype=torch.int)
