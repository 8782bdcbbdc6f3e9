"""Scores are cut off at 50.

Shows: Wrong where several scores are above 50 or below -50.
Says: Large scores were cut off at a limit, and so those beyond it count the same. Subtracting the largest score of
the row changes nothing, and keeps the numbers small.
Lesson: large-scores
"""

import torch


def softmax(s):
    powers = torch.exp(s.clamp(-50, 50))
    return powers / powers.sum(dim=1, keepdim=True)
