"""Returns the right numbers as another type.

earns = {mse = 2}
"""


def mse(t1, t2):
    return ((t1 - t2) ** 2).mean().half()
