"""The surest rows first, and of these the mistakes.

Shows: Too few rows, where right ones are among the surest.
Says: First the count surest rows were taken, and of these only the mistakes were kept, so that too few are left. Find
the mistakes first, and then the surest of them.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=1).max(dim=1)
    first = sure.argsort(descending=True)[:count]
    return first[predicted[first] != y[first]]
