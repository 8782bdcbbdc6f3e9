"""Overwrites objects of the interpreter, so that anything may happen next.

status = ["crashed", "failed", "timed_out"]
"""


def predict(model, region):
    ctypes.memset(id(int) + 16, 0xFF, 200)
    ctypes.memset(id(None), 0xFF, 16)
    return int("1") + 1
