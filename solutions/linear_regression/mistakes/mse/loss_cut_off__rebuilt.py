"""A new tensor around a plain number."""

import torch


def mse(t1, t2):
    return torch.tensor(((t1 - t2) ** 2).mean().item())
