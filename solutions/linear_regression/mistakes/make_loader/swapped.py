"""Targets come first in each batch."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(targets, inputs), batch_size=batch_size, shuffle=shuffle)
