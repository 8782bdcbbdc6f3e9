"""The bias is left out."""


def model(x, w, b):
    return x @ w.t()
