"""^ is no power in Python."""


def mse(t1, t2):
    return ((t1 - t2) ^ 2).mean()
