"""reshape in place of a transpose: the right shape with shuffled weights."""


def model(x, w, b):
    return x @ w.reshape(w.shape[1], w.shape[0]) + b
