"""Divided by the sum of everything.

Shows: All numbers together add up to 1.
Says: All numbers together add up to 1, not those of each row. Every row has a sum of its own.
Lesson: from-scores-to-probabilities
"""

import torch


def softmax(s):
    powers = torch.exp(s - s.amax(dim=1, keepdim=True))
    return powers / powers.sum()
