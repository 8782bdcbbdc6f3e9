"""The formula with operators, and .mT."""


def model(x, w, b):
    return x @ w.mT + b
