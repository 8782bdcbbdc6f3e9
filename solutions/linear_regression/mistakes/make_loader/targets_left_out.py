"""A loader of the inputs only.

Shows: Batches are single tensors.
Says: The batches hold inputs only. To learn from a row, its target is needed as well: pair the two in one dataset.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return DataLoader(inputs, batch_size=batch_size, shuffle=shuffle)
