"""Shuffled when the loader is made, and then the same order in each epoch.

Shows: With shuffle=True, all passes have the same drawn order.
Says: The rows were shuffled once, and come in that same order in each epoch. A DataLoader that is told to shuffle
draws a new order every time.
Lesson: datasets-and-batches
"""

import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    if shuffle:
        order = torch.randperm(len(inputs))
        inputs, targets = inputs[order], targets[order]
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size)
