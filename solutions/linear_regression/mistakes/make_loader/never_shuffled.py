"""shuffle is not passed on.

Shows: With shuffle=True the rows come in the given order in every epoch.
Says: The rows come in the given order even when shuffle is True. Give the DataLoader the shuffle that your function
was given.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(inputs, targets), batch_size)
