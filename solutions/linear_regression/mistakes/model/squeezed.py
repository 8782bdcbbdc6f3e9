"""With one target, or one row, a dimension gets lost."""


def model(x, w, b):
    return (x @ w.t() + b).squeeze()
