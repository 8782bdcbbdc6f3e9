"""Half of it, as in the textbooks that like tidy derivatives."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean() / 2
