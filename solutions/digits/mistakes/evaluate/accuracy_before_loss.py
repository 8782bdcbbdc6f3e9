"""The two numbers exchanged.

Shows: The accuracy first.
Says: The accuracy came first. The exercise asks for the loss, and then the accuracy.
Lesson: measuring-in-batches
"""

import torch
import torch.nn.functional as F


def evaluate(model, loader):
    total, right, rows = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            s = model(x)
            total += F.cross_entropy(s, y, reduction="sum").item()
            right += (s.argmax(dim=1) == y).sum().item()
            rows += len(y)
    return right / rows, total / rows
