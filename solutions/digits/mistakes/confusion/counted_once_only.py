"""table[y, predicted] += 1, all at once.

Shows: Zeros and ones.
Says: Every cell is 0 or 1: indexing with whole tensors adds 1 only once to a cell that occurs several times. Add row
by row, or count with bincount.
Lesson: which-digits-are-confused
"""

import torch


def confusion(predicted, y, k):
    table = torch.zeros(k, k, dtype=torch.int64)
    table[y, predicted] += 1
    return table
