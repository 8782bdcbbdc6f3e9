"""The same with float()."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return float(torch.sum(diff * diff)) / diff.numel()
