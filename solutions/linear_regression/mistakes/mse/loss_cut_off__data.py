"""The data of both."""


def mse(t1, t2):
    return ((t1.data - t2.data) ** 2).mean()
