"""drop_last=True.

Shows: The last, smaller batch is missing.
Says: The last batch is missing when it is smaller than the others, and its rows are not used in that epoch. Keep
it: don't drop the last one.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle, drop_last=True)
