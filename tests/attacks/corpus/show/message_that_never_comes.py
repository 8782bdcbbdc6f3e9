"""Raises an exception whose text takes for ever.

status = ["timed_out"]
words = "second"
"""


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def predict(model, region):
    raise Slow
