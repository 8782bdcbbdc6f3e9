"""A list of batches: no loader, and the same order each epoch.

Shows: A list.
Says: A list of batches came back: its order is drawn once, and stays for all epochs. A DataLoader draws a new one
each time: return that.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return list(DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle))
