"""The same with detach."""


def model(x, w, b):
    return x @ w.detach().t() + b
