"""Only the targets are squeezed."""

import torch


def to_tensors(inputs, targets):
    return torch.tensor(inputs, dtype=torch.float32), torch.tensor(targets, dtype=torch.float32).squeeze()
