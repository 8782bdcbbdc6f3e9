"""The minus is missing.

Shows: The loss has the wrong sign.
Says: The loss has the wrong sign: it would be smallest where everything is wrong. The logarithm of a probability is
negative, and the loss is minus that.
Lesson: the-loss
"""

import torch


def cross_entropy(s, y):
    return (s[torch.arange(len(y)), y] - torch.logsumexp(s, dim=1)).mean()
