"""The arrays' dtype is kept, so that the lesson's numbers stay float64."""

import torch


def to_tensors(inputs, targets):
    return torch.from_numpy(inputs), torch.from_numpy(targets)
