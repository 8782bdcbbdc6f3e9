"""The dataset, without a loader.

Shows: A TensorDataset; it gives single rows, and in the given order.
Says: A dataset came back: it gives one row at a time, always in the same order. Give it to a DataLoader, which
makes batches of it.
Lesson: datasets-and-batches
"""

from torch.utils.data import TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return TensorDataset(inputs, targets)
