"""The return is in the loop.

Shows: The loss and accuracy of the first batch.
Says: Only the first batch was measured: the function returns before it comes to the others.
Lesson: measuring-in-batches
"""

import torch
import torch.nn.functional as F


def evaluate(model, loader):
    with torch.no_grad():
        for x, y in loader:
            s = model(x)
            return F.cross_entropy(s, y).item(), (s.argmax(dim=1) == y).float().mean().item()
