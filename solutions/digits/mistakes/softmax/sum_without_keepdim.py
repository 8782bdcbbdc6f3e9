"""The sums lie along the wrong dimension.

Shows: RuntimeError; other numbers where there are as many rows as classes.
Says: The sums of the rows have lost their dimension and are matched with the columns. keepdim=True keeps one column
of sums, which is right for each row.
Lesson: from-scores-to-probabilities
"""

import torch


def softmax(s):
    powers = torch.exp(s - s.amax(dim=1, keepdim=True))
    return powers / powers.sum(dim=1)
