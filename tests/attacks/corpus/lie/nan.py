"""Returns what is not a number."""


def mse(t1, t2):
    return (t1 - t2).sum() * float("nan")
