"""The same with shape[0]."""


def mse(t1, t2):
    n = t1.shape[0]
    return ((t1 - t2) ** 2).sum() / n
