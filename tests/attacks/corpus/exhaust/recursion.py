"""Calls itself without end.

words = "RecursionError"
"""


def predict(model, region):
    return predict(model, region)
