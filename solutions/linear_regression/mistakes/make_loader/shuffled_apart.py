"""Inputs and targets are shuffled each on their own."""

import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    if shuffle:
        inputs = inputs[torch.randperm(len(inputs))]
        targets = targets[torch.randperm(len(targets))]
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
