"""Each batch is a dict.

Shows: Dicts in place of pairs.
Says: Each batch is a dict. The training loop unpacks pairs, inputs first and targets second: let each item of the
dataset be a pair.
Lesson: datasets-and-batches
"""

from torch.utils.data import DataLoader


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    rows = [{"inputs": x, "targets": y} for x, y in zip(inputs, targets)]
    return DataLoader(rows, batch_size=batch_size, shuffle=shuffle)
