"""Reads from an address that isn't there.

status = ["crashed"]
words = "signal 11"
"""


def predict(model, region):
    return ctypes.string_at(0)
