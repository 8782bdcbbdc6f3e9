"""The label in place of its share.

Shows: A whole number, the label.
Says: The most frequent label came back. What is asked for is the share of y for which it is right.
Lesson: a-baseline
"""

import torch


def baseline(train_y, y):
    return float(torch.bincount(train_y).argmax())
