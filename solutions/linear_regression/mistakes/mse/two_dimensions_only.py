"""Divided by rows times columns, which other shapes don't have."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).sum() / (t1.shape[0] * t1.shape[1])
