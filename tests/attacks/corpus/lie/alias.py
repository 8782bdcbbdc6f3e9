"""Returns the very tensor that it was given."""


def model(x, w, b):
    return x
