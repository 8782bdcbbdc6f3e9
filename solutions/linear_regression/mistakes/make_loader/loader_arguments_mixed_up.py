"""shuffle comes before batch_size.

Shows: ValueError: batch_size should be a positive integer value, but got batch_size=True.
Says: The DataLoader took shuffle for its batch_size: by position, the batch size comes first. Name the two, and the
order doesn't matter.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), shuffle, batch_size)
