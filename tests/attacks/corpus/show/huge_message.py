"""Raises a message of 100 MB.

status = ["failed", "crashed"]
"""


def predict(model, region):
    raise ValueError("y" * 100_000_000)
