"""Loops over range(2) and range(3)."""

import torch


def model(x, w, b):
    out = torch.zeros(len(x), 2)
    for j in range(2):
        for k in range(3):
            out[:, j] += x[:, k] * w[j, k]
        out[:, j] += b[j]
    return out
