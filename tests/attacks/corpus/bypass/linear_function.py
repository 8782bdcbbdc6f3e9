"""Computes the model with the function that is forbidden there.

status = ["forbidden"]
words = "linear"
"""


def model(x, w, b):
    return getattr(torch._C._nn, "lin" + "ear")(x, w, b)
