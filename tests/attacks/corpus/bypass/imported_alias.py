"""Imports the forbidden function under another name.

status = ["forbidden"]
words = "mse_loss"
"""

from torch.nn.functional import mse_loss as distance


def mse(t1, t2):
    return distance(t1, t2)
