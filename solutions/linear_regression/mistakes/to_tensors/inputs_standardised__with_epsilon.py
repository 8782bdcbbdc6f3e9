"""With a small number against division by zero."""

import torch


def to_tensors(inputs, targets):
    x = torch.from_numpy(inputs).float()
    y = torch.from_numpy(targets).float()
    return (x - x.mean(dim=0)) / (x.std(dim=0) + 1e-8), y
