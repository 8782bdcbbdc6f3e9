"""The batch size is taken for the number of batches.

Shows: batch_size batches, more or less, in place of batches of that size.
Says: There are as many batches as batch_size says. It means how many rows each batch holds, not how many batches
there are.
Lesson: datasets-and-batches
"""

import math

from torch.utils.data import DataLoader, TensorDataset


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    rows = math.ceil(len(inputs) / batch_size)
    return DataLoader(TensorDataset(inputs, targets), batch_size=rows, shuffle=shuffle)
