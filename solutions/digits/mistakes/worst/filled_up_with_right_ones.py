"""Right rows count as 0, and fill up the list.

Shows: Rows that are right, where there are few mistakes.
Says: Where there are fewer mistakes than count, the list was filled up with rows that are right. Return only as many
as there are.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=1).max(dim=1)
    sure[predicted == y] = 0
    return sure.argsort(descending=True)[:count]
