"""The same with view(-1)."""

import torch


def to_tensors(inputs, targets):
    inputs = torch.from_numpy(inputs).float()
    targets = torch.from_numpy(targets).float().view(-1)
    return inputs, targets
