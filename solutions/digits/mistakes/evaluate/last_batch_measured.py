"""Only the last batch.

Shows: The loss and accuracy of the last batch.
Says: Only the last batch was measured. Add up over all batches.
Lesson: measuring-in-batches
"""

import torch
import torch.nn.functional as F


def evaluate(model, loader):
    with torch.no_grad():
        for x, y in loader:
            s = model(x)
            loss, share = F.cross_entropy(s, y).item(), (s.argmax(dim=1) == y).float().mean().item()
    return loss, share
