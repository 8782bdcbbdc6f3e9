"""With unique."""

import torch


def baseline(train_y, y):
    found, counts = torch.unique(train_y, return_counts=True)
    return (y == found[counts.argmax()]).sum().item() / len(y)
