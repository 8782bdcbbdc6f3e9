"""Each row adds up to 1.

Shows: Shares in place of counts.
Says: The rows of the table were divided by their sums. The exercise asks for the counts.
Lesson: which-digits-are-confused
"""

import torch


def confusion(predicted, y, k):
    table = torch.bincount(y * k + predicted, minlength=k * k).reshape(k, k)
    return table / table.sum(dim=1, keepdim=True).clamp(min=1)
