"""The same with a dtype."""

import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float64), torch.tensor(targets, dtype=torch.float64)
