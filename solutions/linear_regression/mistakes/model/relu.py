"""Negative predictions become zero."""


def model(x, w, b):
    return (x @ w.t() + b).relu()
