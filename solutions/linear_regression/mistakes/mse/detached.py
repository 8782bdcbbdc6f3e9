"""A tensor without a history."""

import torch


def mse(t1, t2):
    return torch.tensor(((t1 - t2) ** 2).mean().item(), dtype=t1.dtype)
