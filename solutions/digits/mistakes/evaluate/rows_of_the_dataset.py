"""Divided by the rows of the loader's dataset.

Shows: Too small where the loader leaves rows out.
Says: The sums are over the rows that the loader gave, and were divided by those of its dataset. A loader may leave some
out, as with drop_last. Count the rows in the loop.
Lesson: measuring-in-batches
"""

import torch
import torch.nn.functional as F


def evaluate(model, loader):
    total, right = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            s = model(x)
            total += F.cross_entropy(s, y, reduction="sum").item()
            right += (s.argmax(dim=1) == y).sum().item()
    return total / len(loader.dataset), right / len(loader.dataset)
