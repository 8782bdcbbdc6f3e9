"""With topk of no more than there are."""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=-1).max(dim=-1)
    sure = torch.where(predicted == y, torch.zeros_like(sure), sure)
    mistakes = int((predicted != y).sum())
    return sure.topk(min(count, mistakes)).indices
