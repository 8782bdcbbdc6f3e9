"""With a table of zeros and ones."""

import torch


def cross_entropy(s, y):
    s = s - s.max(dim=1, keepdim=True).values
    logs = s - s.exp().sum(dim=1, keepdim=True).log()
    return -(logs * torch.eye(s.shape[1])[y]).sum() / len(s)
