"""Inputs and targets are shuffled each on their own.

Shows: With shuffle=True the rows of the inputs have other rows' targets.
Says: Inputs and targets were shuffled each in an order of its own, so that rows have lost their targets. Pair them
first, and shuffle the pairs.
Lesson: datasets-and-batches
"""

import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    if shuffle:
        inputs = inputs[torch.randperm(len(inputs))]
        targets = targets[torch.randperm(len(targets))]
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
