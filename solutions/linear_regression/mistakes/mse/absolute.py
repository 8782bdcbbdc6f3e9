"""The mean absolute error."""

import torch


def mse(t1, t2):
    return torch.mean(torch.abs(t1 - t2))
