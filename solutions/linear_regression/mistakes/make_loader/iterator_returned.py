"""An iterator, which is used up by the first epoch.

Shows: The second pass over it is empty.
Says: An iterator came back: it is used up after one epoch, and the second one gets nothing. A DataLoader can be looped
over again and again: return that.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return iter(DataLoader(TensorDataset(inputs, targets), batch_size, shuffle))
