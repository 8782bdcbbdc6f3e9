"""Tensors come back.

Shows: Two tensors, the values are right.
Says: The two numbers are tensors. Make plain Python numbers of them, with item().
Lesson: measuring-in-batches
"""

import torch
import torch.nn.functional as F


def evaluate(model, loader):
    total, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            s = model(x)
            total += F.cross_entropy(s, y, reduction="sum")
            right += (s.argmax(dim=1) == y).sum()
            rows += len(y)
    return total / rows, right / rows
