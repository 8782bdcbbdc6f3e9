"""Raises an exception with a hundred thousand others behind it.

status = ["failed", "crashed"]
"""


def predict(model, region):
    error = ValueError("the first")
    for number in range(100_000):
        later = ValueError(number)
        later.__context__ = later.__cause__ = error
        error = later
    raise ExceptionGroup("many", [error] * 1000)
