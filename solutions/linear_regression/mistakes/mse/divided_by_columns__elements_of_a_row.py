"""The number of elements of the first row."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff[0].numel()
