"""Rebuilt from plain numbers."""

import torch


def model(x, w, b):
    rows = [[sum(p * q for p, q in zip(row, weights)) for weights in w.tolist()] for row in x.tolist()]
    return torch.tensor(rows) + torch.tensor(b.tolist())
