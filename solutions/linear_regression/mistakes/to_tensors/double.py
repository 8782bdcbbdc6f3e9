"""Everything becomes float64."""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs).double(), torch.from_numpy(targets).double()
