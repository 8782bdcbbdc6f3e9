"""Computed without recording."""

import torch


@torch.no_grad()
def mse(t1, t2):
    return torch.mean((t1 - t2) ** 2)
