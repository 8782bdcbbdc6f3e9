"""Divided by two n."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / (2 * diff.numel())
