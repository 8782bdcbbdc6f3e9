"""Sum, divided by the number of elements."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / diff.numel()
