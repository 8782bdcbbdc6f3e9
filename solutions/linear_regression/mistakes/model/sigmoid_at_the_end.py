"""A sigmoid, as in a classifier.

Shows: All numbers lie between 0 and 1.
Says: All predictions lie between 0 and 1: a sigmoid squeezed them. That is for telling classes apart; a yield is
predicted by the weighted sum as it is.
Lesson: the-model
"""

import torch


def model(x, w, b):
    return torch.sigmoid(x @ w.t() + b)
