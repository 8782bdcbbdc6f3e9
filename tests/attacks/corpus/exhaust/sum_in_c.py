"""Adds up numbers in one call that gives no other thread a turn.

status = ["timed_out"]
words = "second"
"""


def predict(model, region):
    return sum(range(10**12))
