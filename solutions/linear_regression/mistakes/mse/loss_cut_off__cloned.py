"""A clone that is detached."""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().clone().detach()
