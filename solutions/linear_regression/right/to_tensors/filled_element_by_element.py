"""An empty tensor, filled in two loops."""

import torch


def filled(array):
    rows, columns = array.shape
    out = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            out[i, j] = float(array[i, j])
    return out


def to_tensors(inputs, targets):
    return filled(inputs), filled(targets)
