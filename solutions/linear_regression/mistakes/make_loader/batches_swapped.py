"""Targets come first in each batch.

Shows: Batches of (targets, inputs).
Says: In each batch the targets come first. The training loop unpacks inputs first, targets second: put them into
the dataset in that order.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(TensorDataset(targets, inputs), batch_size=batch_size, shuffle=shuffle)
