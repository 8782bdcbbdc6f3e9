"""A column minus a row: every element of one with every element of the other."""


def mse(t1, t2):
    diff = t1.reshape(-1, 1) - t2.reshape(-1)
    return (diff**2).mean()
