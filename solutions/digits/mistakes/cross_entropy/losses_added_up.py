"""The sum of the rows.

Shows: n times too large.
Says: The losses of the rows were added up. Take their mean, so that the loss doesn't grow with the number of rows.
Lesson: the-loss
"""

import torch


def cross_entropy(s, y):
    return (torch.logsumexp(s, dim=1) - s[torch.arange(len(y)), y]).sum()
