"""The result is detached.

Shows: The values are right, no gradient reaches s.
Says: The probabilities are right, but something such as detach() cuts them off from the scores, and no gradient
reaches those.
Lesson: from-scores-to-probabilities
"""

import torch


def softmax(s):
    powers = torch.exp(s - s.amax(dim=1, keepdim=True))
    return (powers / powers.sum(dim=1, keepdim=True)).detach()
