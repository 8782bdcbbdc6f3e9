"""The answer lies on its side: (t, n)."""


def model(x, w, b):
    return w @ x.t() + b.reshape(-1, 1)
