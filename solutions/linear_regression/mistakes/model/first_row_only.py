"""The first row's prediction for all rows."""


def model(x, w, b):
    return (w @ x[0] + b).expand(len(x), -1)
