"""The formula with operators."""


def model(x, w, b):
    return x @ w.t() + b
