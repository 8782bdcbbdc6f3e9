"""+= on the fresh product, which autograd allows."""


def model(x, w, b):
    y = x @ w.t()
    y += b
    return y
