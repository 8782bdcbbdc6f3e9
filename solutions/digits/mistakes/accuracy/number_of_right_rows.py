"""Counted, not divided.

Shows: The number of right rows.
Says: That is how many rows are right. Divide by the number of rows, so that it is a share.
Lesson: what-to-measure
"""


def accuracy(s, y):
    return float((s.argmax(dim=1) == y).sum())
