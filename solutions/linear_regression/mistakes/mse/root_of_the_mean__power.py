"""The same with a power of one half."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean() ** 0.5
