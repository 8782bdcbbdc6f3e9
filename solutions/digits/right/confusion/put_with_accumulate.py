"""index_put_ that accumulates."""

import torch


def confusion(predicted, y, k):
    table = torch.zeros(k, k, dtype=torch.long)
    return table.index_put_((y, predicted), torch.ones_like(y), accumulate=True)
