"""Divided by rows times columns.

Shows: Right for two dimensions; IndexError for one, too large for three.
Says: Rows times columns are all elements of a table, but not of a tensor with one or three dimensions. A tensor can
tell how many elements it has, whatever its shape.
Lesson: the-loss
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).sum() / (t1.shape[0] * t1.shape[1])
