"""Sorted by Python."""

import torch


def worst(s, y, count):
    p = torch.softmax(s, dim=1)
    found = []
    for row in range(len(y)):
        guess = int(p[row].argmax())
        if guess != int(y[row]):
            found.append((float(p[row, guess]), row))
    found.sort(reverse=True)
    return torch.tensor([row for _, row in found[:count]], dtype=torch.int64)
