"""A row for each prediction.

Shows: The table is turned.
Says: The table has a row for each prediction. The exercise asks for a row for each label, and a column for each
prediction.
Lesson: which-digits-are-confused
"""

import torch


def confusion(predicted, y, k):
    return torch.bincount(predicted * k + y, minlength=k * k).reshape(k, k)
