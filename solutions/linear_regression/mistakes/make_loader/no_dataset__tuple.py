"""The same with a tuple."""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader((inputs, targets), batch_size, shuffle)
