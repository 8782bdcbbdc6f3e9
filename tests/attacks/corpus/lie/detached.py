"""Returns the right value, cut off from what it was computed from.

earns = {mse = 2}
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().detach()
