"""The bias as the weight of a column of ones."""

import torch


def model(x, w, b):
    ones = torch.ones_like(x[:, :1])
    return torch.cat([x, ones], dim=1) @ torch.cat([w, b.reshape(-1, 1)], dim=1).t()
