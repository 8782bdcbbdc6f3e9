"""The same with torch.square."""

import torch


def mse(t1, t2):
    return torch.square(torch.mean(t1 - t2))
