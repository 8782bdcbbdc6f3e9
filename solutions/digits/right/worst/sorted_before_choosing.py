"""Sorted first, then chosen."""

import torch


def worst(s, y, count):
    margins = s.amax(dim=1) - torch.logsumexp(s, dim=1)
    order = torch.argsort(margins, descending=True)
    return order[s.argmax(dim=1)[order] != y[order]][:count]
