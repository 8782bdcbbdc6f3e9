"""The differences as one long vector, times itself."""

import torch


def mse(t1, t2):
    diff = (t1 - t2).reshape(-1)
    return torch.dot(diff, diff) / diff.shape[0]
