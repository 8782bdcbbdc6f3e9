"""Returns the right number, rounded to a whole one."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().round().long()
