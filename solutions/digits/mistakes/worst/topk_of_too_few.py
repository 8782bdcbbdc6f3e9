"""topk, which needs enough of them.

Shows: RuntimeError where there are fewer mistakes than count; else right.
Says: topk stops with an error where there are fewer mistakes than count. Ask it for no more than there are.
Lesson: the-surest-mistakes
"""

import torch


def worst(s, y, count):
    sure, predicted = torch.softmax(s, dim=1).max(dim=1)
    wrong = (predicted != y).nonzero()[:, 0]
    return wrong[sure[wrong].topk(count).indices]
