"""All rows are sorted.

Shows: Rows that are right are among them.
Says: Rows that were recognised are among those that came back. Only mistakes are asked for.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure = torch.softmax(s, dim=1).amax(dim=1)
    return sure.argsort(descending=True)[:count]
