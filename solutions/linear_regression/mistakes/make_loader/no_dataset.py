"""The two tensors in a list are the dataset.

Shows: A dataset of two items; collating them fails, since their shapes differ.
Says: The DataLoader took the two tensors for two rows. It needs a dataset whose every item is one row with its
target.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader([inputs, targets], batch_size=batch_size, shuffle=shuffle)
