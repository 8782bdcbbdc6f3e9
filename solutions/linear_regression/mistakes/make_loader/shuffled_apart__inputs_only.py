"""Only the inputs are shuffled by hand."""

import torch
from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    if shuffle:
        inputs = inputs[torch.randperm(inputs.size(0))]
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size)
