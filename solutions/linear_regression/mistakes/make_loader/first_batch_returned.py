"""The first batch, not the loader.

Shows: A list of two tensors.
Says: One batch came back, not a loader that can give all of them. Return the DataLoader itself; the loop that uses
it asks for the batches.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    loader = DataLoader(TensorDataset(inputs, targets), batch_size, shuffle)
    return next(iter(loader))
