"""A mean over the first dimension, until none is left."""


def mse(t1, t2):
    squared = (t1 - t2).square()
    while squared.dim() > 0:
        squared = squared.mean(dim=0)
    return squared
