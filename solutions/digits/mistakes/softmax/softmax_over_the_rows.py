"""Each column adds up to 1.

Shows: The columns add up to 1, not the rows.
Says: The columns add up to 1. A row holds the scores of one image, so the sum goes along the row: dim=1.
Lesson: from-scores-to-probabilities
"""

import torch


def softmax(s):
    powers = torch.exp(s - s.max())
    return powers / powers.sum(dim=0, keepdim=True)
