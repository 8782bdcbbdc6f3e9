"""One mean for each column."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean(dim=0)
