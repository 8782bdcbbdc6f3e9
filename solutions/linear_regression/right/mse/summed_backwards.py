"""The same sum in another order."""


def mse(t1, t2):
    squares = [d * d for d in (t1 - t2).flatten()]
    return sum(reversed(squares)) / len(squares)
