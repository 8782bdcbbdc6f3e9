"""Numbers that count mistakes only.

Shows: Other numbers, each below the number of mistakes.
Says: The numbers that came back count among the mistakes only. Translate them back: the mistake at that place has a
number in the whole data.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=1).max(dim=1)
    wrong = (predicted != y).nonzero()[:, 0]
    return sure[wrong].argsort(descending=True)[:count]
