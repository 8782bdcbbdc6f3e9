"""Rows and columns change places."""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float().T, torch.from_numpy(targets).float().T
