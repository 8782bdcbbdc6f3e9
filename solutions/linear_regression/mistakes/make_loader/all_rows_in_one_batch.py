"""The batch size is the number of rows.

Shows: One batch with all rows.
Says: All rows came in one batch. batch_size says how many rows a batch holds: pass on the one that your function
was given.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size=len(inputs), shuffle=shuffle)
