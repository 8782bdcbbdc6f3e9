"""len(diff) counts the rows.

Shows: Too large by the number of elements in a row; right for tensors of one dimension.
Says: The sum is divided by the number of rows: that is what len() counts. The mean goes over every element, and
there are more elements than rows.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) / len(diff)
