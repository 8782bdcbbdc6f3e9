"""Returns infinity, which is near to no number."""


def mse(t1, t2):
    return (t1 - t2).sum() * float("inf")
