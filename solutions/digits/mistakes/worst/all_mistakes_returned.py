"""count is not used.

Shows: All mistakes, in the right order.
Says: All mistakes came back. Return count of them, the first.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=1).max(dim=1)
    wrong = (predicted != y).nonzero()[:, 0]
    return wrong[sure[wrong].argsort(descending=True)]
