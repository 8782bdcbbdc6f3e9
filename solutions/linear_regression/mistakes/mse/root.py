"""The root of the mean squared error."""

import torch


def mse(t1, t2):
    return torch.sqrt(torch.mean((t1 - t2) ** 2))
