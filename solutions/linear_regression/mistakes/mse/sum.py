"""The sum of the squares, not their mean."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff)
