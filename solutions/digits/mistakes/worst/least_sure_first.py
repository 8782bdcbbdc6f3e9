"""The order is upside down.

Shows: The least sure mistakes.
Says: The mistakes that the model was least sure of came first. Sort from the largest probability to the smallest.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=1).max(dim=1)
    wrong = (predicted != y).nonzero()[:, 0]
    return wrong[sure[wrong].argsort()][:count]
