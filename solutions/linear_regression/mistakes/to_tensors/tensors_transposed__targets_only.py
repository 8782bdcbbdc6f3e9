"""Only the targets are transposed."""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).float(), torch.from_numpy(targets).float().t()
