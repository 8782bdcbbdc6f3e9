"""A Python float, through which no gradient flows."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().item()
