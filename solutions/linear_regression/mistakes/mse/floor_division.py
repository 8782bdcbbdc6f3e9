"""// in place of /.

Shows: The right number without its fraction.
Says: The loss lost its fraction: `//` divides and rounds down, and a rounded number has no slope to follow. Divide
with a single slash.
Lesson: the-loss
"""

import torch


def mse(t1, t2):
    diff = t1 - t2
    return torch.sum(diff * diff) // diff.numel()
