"""The mean difference, without a square."""


def mse(t1, t2):
    return (t1 - t2).mean()
