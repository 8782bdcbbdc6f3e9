"""The options are named, and batch_size is given twice."""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(inputs, targets, batch_size=batch_size, shuffle=shuffle)
