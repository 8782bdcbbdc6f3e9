"""A loop over the pairs."""

import torch


def confusion(predicted, y, k):
    table = torch.zeros((k, k), dtype=torch.int64)
    for i, j in zip(y.tolist(), predicted.tolist()):
        table[i][j] += 1
    return table
