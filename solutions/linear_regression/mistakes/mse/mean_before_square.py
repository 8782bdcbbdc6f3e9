"""The mean is squared, so that errors of opposite signs cancel."""


def mse(t1, t2):
    return (t1 - t2).mean() ** 2
