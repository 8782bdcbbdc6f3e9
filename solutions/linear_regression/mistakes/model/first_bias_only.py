"""Only the first target's bias is added, to all."""


def model(x, w, b):
    return x @ w.t() + b[0]
