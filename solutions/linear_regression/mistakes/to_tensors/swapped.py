"""Targets come first."""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(targets).float(), torch.from_numpy(inputs).float()
