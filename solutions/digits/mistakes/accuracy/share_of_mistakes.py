"""How many are wrong.

Shows: 1 minus the accuracy.
Says: That is the share of rows that are wrong. Count those where prediction and label are equal.
Lesson: what-to-measure
"""


def accuracy(s, y):
    return (s.argmax(dim=1) != y).float().mean().item()
