"""Any number of targets, but three features."""


def model(x, w, b):
    return x[:, :3] @ w[:, :3].t() + b
