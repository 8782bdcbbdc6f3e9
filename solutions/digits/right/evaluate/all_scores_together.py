"""All batches are put together first."""

import torch
import torch.nn.functional as F


def evaluate(model, loader):
    with torch.no_grad():
        pairs = [(model(x), y) for x, y in loader]
    s, y = (torch.cat(part) for part in zip(*pairs))
    return F.cross_entropy(s, y).item(), (s.argmax(1) == y).float().mean().item()
