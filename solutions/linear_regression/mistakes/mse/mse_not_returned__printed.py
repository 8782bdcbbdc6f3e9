"""It is printed instead."""


def mse(t1, t2):
    print(((t1 - t2) ** 2).mean())
