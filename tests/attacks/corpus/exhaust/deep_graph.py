"""Returns a tensor whose history has twenty thousand steps.

status = ["crashed", "failed", "timed_out"]
"""


def model(x, w, b):
    y = x @ w.t() + b
    for _ in range(20_000):
        y = y + w.sum()
    return y
