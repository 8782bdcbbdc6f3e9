"""With logsumexp and gather."""

import torch


def cross_entropy(s, y):
    own = s.gather(1, y[:, None])[:, 0]
    return torch.mean(torch.logsumexp(s, 1) - own)
