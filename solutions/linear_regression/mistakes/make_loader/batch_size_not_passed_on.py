"""The loader is told nothing of batch_size.

Shows: Batches of one row.
Says: Each batch holds a single row, which is what a DataLoader makes when nothing is said of batch_size. Pass on
the one that your function was given.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), shuffle=shuffle)
