"""The same with unsqueeze and flatten."""

import torch


def mse(t1, t2):
    return torch.mean((t1.flatten() - t2.flatten().unsqueeze(1)) ** 2)
