"""The same step by step."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sqrt(torch.sum(diff * diff))
