"""Raises a number to a power with a billion digits.

status = ["timed_out", "failed"]
"""


def predict(model, region):
    return 3 ** (3**25) % 7
