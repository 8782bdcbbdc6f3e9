"""Counted in float32.

Shows: float32, the values are right.
Says: The table holds floats. It counts, so it should hold whole numbers, int64: say so when you make it.
Lesson: which-digits-are-confused
"""

import torch


def confusion(predicted, y, k):
    table = torch.zeros(k, k)
    for label, guess in zip(y, predicted):
        table[label, guess] += 1
    return table
