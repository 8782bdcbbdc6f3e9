"""A Python number.

Shows: A float, the value is right.
Says: A plain number came back, which has lost its record: no gradients can be computed from it. Return the tensor.
Lesson: the-loss
"""

import torch


def cross_entropy(s, y):
    return (torch.logsumexp(s, dim=1) - s[torch.arange(len(y)), y]).mean().item()
