"""Returns a tensor whose history has a million steps.

status = ["crashed", "failed", "timed_out"]
"""


def model(x, w, b):
    y = x @ w.t() + b
    for _ in range(20_000):
        y = y + 1
    return y
