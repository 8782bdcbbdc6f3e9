"""As large as the largest class that occurs.

Shows: A smaller table where the last classes don't occur.
Says: The table has a place only for classes that occur here. It should always be k by k.
Lesson: which-digits-are-confused
"""

import torch


def confusion(predicted, y, k):
    size = int(max(y.max(), predicted.max())) + 1
    return torch.bincount(y * size + predicted, minlength=size * size).reshape(size, size)
