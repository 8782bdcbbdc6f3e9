"""The number of elements, multiplied from the shape."""

import math


def mse(t1, t2):
    n = math.prod(t1.shape)
    squared = (t1 - t2) * (t1 - t2)
    return squared.sum() / n
