"""Gradients reach the bias only."""


def model(x, w, b):
    return x @ w.detach().t() + b
