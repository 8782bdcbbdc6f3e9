"""Doesn't shuffle, unless told to."""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=False):
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)
