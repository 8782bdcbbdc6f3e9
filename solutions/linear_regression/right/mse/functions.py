"""torch.mean of torch.square of torch.sub."""

import torch


def mse(t1, t2):
    return torch.mean(torch.square(torch.sub(t1, t2)))
