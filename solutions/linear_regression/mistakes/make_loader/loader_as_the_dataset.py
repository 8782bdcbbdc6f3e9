"""The loader is given tensors as if it were a dataset.

Shows: The targets are taken for the batch size: an error, when the loader is made or its batches are asked for.
Says: The DataLoader was given the two tensors themselves, and took the second one for its batch_size. It takes one
dataset: pair the tensors in one first.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(inputs, targets, batch_size, shuffle)
