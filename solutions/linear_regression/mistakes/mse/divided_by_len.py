"""Divided by the number of rows."""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / len(diff)
